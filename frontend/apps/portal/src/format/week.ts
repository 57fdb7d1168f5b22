import type { ProgramRow, Room } from '@/api/types'
import { addDays, MINUTE_MS, sameDay } from './moments'

const CLASH_MS = 30 * MINUTE_MS
const OVER = new Set(['ended', 'cancelled'])

/** Where a program stands on the calendar: when it went on the air, else when it is to. Null: no time yet. */
export const standsAt = ({ went_live_at, starts_at }: ProgramRow): number | null => went_live_at ?? starts_at

export const isOver = ({ state }: ProgramRow): boolean => OVER.has(state)
export const isOnAir = ({ state }: ProgramRow): boolean => state === 'live' || state === 'interrupted'

export interface WeekRow {
  room: Pick<Room, 'id' | 'title'>
  /** Seven days, each in the order of the day. */
  days: ProgramRow[][]
}

export const daysOf = (weekStart: number): number[] => [0, 1, 2, 3, 4, 5, 6].map((day) => addDays(weekStart, day))

/** Rooms × days. A room that is not known (no longer ours to see) still has its row. */
export function layOutWeek(programs: ProgramRow[], rooms: Pick<Room, 'id' | 'title'>[], weekStart: number): WeekRow[] {
  const known = new Map(rooms.map((room) => [room.id, room]))
  for (const { room } of programs) if (!known.has(room)) known.set(room, { id: room, title: '' })
  const days = daysOf(weekStart)
  return [...known.values()].map((room) => ({
    room,
    days: days.map((day) => byTime(programs.filter((one) => one.room === room.id && onDay(one, day)))),
  }))
}

export interface Day {
  day: number
  programs: ProgramRow[]
}

/** All days from `from` to `to` (excluded), each with its programs. */
function layOut(programs: ProgramRow[], from: number, to: number): Day[] {
  const days: Day[] = []
  for (let day = from; day < to; day = addDays(day, 1)) days.push({ day, programs: byTime(programs.filter((one) => onDay(one, day))) })
  return days
}

/** The days that have programs, for the narrow list. */
export const layOutDays = (programs: ProgramRow[], from: number, to: number): Day[] => layOut(programs, from, to).filter(({ programs: some }) => some.length)

/** Whole weeks, for the month. */
export function layOutMonth(programs: ProgramRow[], from: number, to: number): Day[][] {
  const days = layOut(programs, from, to)
  return Array.from({ length: Math.ceil(days.length / 7) }, (_, week) => days.slice(week * 7, week * 7 + 7))
}

const onDay = (program: ProgramRow, day: number): boolean => {
  const at = standsAt(program)
  return at !== null && sameDay(at, day)
}

const byTime = (programs: ProgramRow[]): ProgramRow[] => programs.toSorted((one, other) => (standsAt(one) ?? 0) - (standsAt(other) ?? 0))

/** What a new program in this room at this time would clash with. */
export const clashAt = (programs: ProgramRow[], room: string, at: number): ProgramRow | undefined =>
  programs.find((one) => !isOver(one) && one.room === room && Math.abs((standsAt(one) ?? Infinity) - at) < CLASH_MS)

/** Programs that can't both be held: the same room, planned within half an hour of each other. Id to the other's title. */
export function findClashes(programs: ProgramRow[]): Map<string, string> {
  const clashes = new Map<string, string>()
  const waiting = programs.filter((program) => !isOver(program) && standsAt(program) !== null)
  for (const one of waiting) {
    const other = waiting.find(
      (each) => each.id !== one.id && each.room === one.room && Math.abs((standsAt(each) ?? 0) - (standsAt(one) ?? 0)) < CLASH_MS,
    )
    if (other) clashes.set(one.id, other.title)
  }
  return clashes
}
