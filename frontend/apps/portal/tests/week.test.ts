import { expect, test } from 'vitest'
import type { ProgramRow } from '@/api/types'
import { addDays, nextHour, startOfWeek } from '@/format/moments'
import { clashAt, findClashes, layOutDays, layOutMonth, layOutWeek } from '@/format/week'

const MONDAY = new Date(2026, 10, 16).getTime()
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, 16 + day, hour, minute).getTime()

const program = (id: string, room: string, starts_at: number | null, more: Partial<ProgramRow> = {}): ProgramRow =>
  ({ id, room, starts_at, went_live_at: null, ended_at: null, title: id, state: 'scheduled', ...more }) as ProgramRow

test('a week begins on Monday at midnight', () => {
  expect(startOfWeek(at(6, 23, 59))).toBe(MONDAY)
  expect(startOfWeek(MONDAY)).toBe(MONDAY)
  expect(startOfWeek(MONDAY - 1)).toBe(addDays(MONDAY, -7))
})

test('the next full hour leaves time to get ready', () => {
  expect(nextHour(at(0, 19, 54))).toBe(at(0, 20))
  expect(nextHour(at(0, 19, 57))).toBe(at(0, 21))
})

test('programs stand in the row of their room and the column of their day, in the order of the day', () => {
  const rows = layOutWeek(
    [program('late', 'rm_1', at(2, 21)), program('early', 'rm_1', at(2, 9)), program('other', 'rm_2', at(0, 20))],
    [
      { id: 'rm_1', title: 'One' },
      { id: 'rm_2', title: 'Two' },
    ],
    MONDAY,
  )
  expect(rows.map(({ room, days }) => [room.title, days.map((day) => day.map(({ id }) => id))])).toEqual([
    ['One', [[], [], ['early', 'late'], [], [], [], []]],
    ['Two', [['other'], [], [], [], [], [], []]],
  ])
})

test('a show that went on the air stands where it did, not where it was planned', () => {
  const [row] = layOutWeek([program('p', 'rm_1', at(1, 20), { went_live_at: at(3, 20), state: 'ended' })], [], MONDAY)
  expect(row!.days.map((day) => day.length)).toEqual([0, 0, 0, 1, 0, 0, 0])
})

test('a room that is not ours to see still has its row', () => {
  expect(layOutWeek([program('p', 'rm_9', at(1, 20))], [], MONDAY).map(({ room }) => room)).toEqual([{ id: 'rm_9', title: '' }])
})

test('the narrow list has the days with programs only', () => {
  const days = layOutDays([program('b', 'rm_1', at(4, 20)), program('a', 'rm_2', at(4, 10)), program('next week', 'rm_1', at(8, 10))], MONDAY, addDays(MONDAY, 7))
  expect(days.map(({ day, programs }) => [day, programs.map(({ id }) => id)])).toEqual([[at(4, 0), ['a', 'b']]])
})

test('two shows of one room within half an hour clash; other rooms, over and cancelled ones do not', () => {
  const clashes = findClashes([
    program('a', 'rm_1', at(0, 20)),
    program('b', 'rm_1', at(0, 20, 29)),
    program('far', 'rm_1', at(0, 21)),
    program('elsewhere', 'rm_2', at(0, 20)),
    program('cancelled', 'rm_1', at(0, 21, 10), { state: 'cancelled' }),
    program('ended', 'rm_2', at(0, 20), { state: 'ended' }),
  ])
  expect([...clashes]).toEqual([
    ['a', 'b'],
    ['b', 'a'],
  ])
})

test('a month is whole weeks, each day with its programs', () => {
  const weeks = layOutMonth([program('late', 'rm_1', at(9, 21)), program('early', 'rm_2', at(9, 9)), program('after', 'rm_1', at(14, 9))], MONDAY, addDays(MONDAY, 14))
  expect(weeks.map((week) => week.map(({ programs }) => programs.map(({ id }) => id)))).toEqual([
    [[], [], [], [], [], [], []],
    [[], [], ['early', 'late'], [], [], [], []],
  ])
})

test('a new program is told what it would clash with, in the same room only', () => {
  const planned = [program('one', 'rm_1', at(1, 20)), program('over', 'rm_1', at(2, 20), { state: 'ended' })]
  expect(clashAt(planned, 'rm_1', at(1, 20, 29))?.id).toBe('one')
  expect(clashAt(planned, 'rm_1', at(1, 20, 30))).toBeUndefined()
  expect(clashAt(planned, 'rm_2', at(1, 20))).toBeUndefined()
  expect(clashAt(planned, 'rm_1', at(2, 20))).toBeUndefined()
})
