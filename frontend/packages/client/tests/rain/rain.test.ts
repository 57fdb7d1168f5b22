import { expect, test } from 'vitest'
import type { WalletEntry } from '../../src/api/types'
import { type Credit, keepCredit, missingCredits, readCredits } from '../../src/rain/credits'
import { falls } from '../../src/rain/fall'
import { Grabber } from '../../src/rain/grabber'
import { nextTick, rainPhase, REMEMBERED_MS, secondsUntil } from '../../src/rain/phase'
import { faultOf, PLANNED, toFen, toYuan } from '../../src/rain/plan'
import { CommandRefused } from '../../src/room/client'
import { wholeRain } from '../../src/room/view'

const rain = wholeRain({ envelope: 'env_1', total: 900, packets: 3, starts_at: 10_000, ends_at: 20_000, commitment: 'ab' })

test('a rain comes, is counted down, falls and is over', () => {
  const at = (now: number): string => rainPhase(rain, now)
  expect([at(6_999), at(7_000), at(9_999), at(10_000), at(19_999), at(20_000)]).toEqual(['coming', 'counting', 'counting', 'falling', 'falling', 'over'])
  expect([at(20_000 + REMEMBERED_MS), rainPhase(null, 0)]).toEqual(['none', 'none'])
  expect(rainPhase({ ...rain, settled: true }, 12_000)).toBe('over')
})

test('what is shown changes on whole seconds of the server, for everybody', () => {
  expect(nextTick(rain, 6_400)).toBe(600)
  expect(nextTick(rain, 9_000)).toBe(1_000)
  expect(nextTick(rain, 19_999)).toBe(1)
  expect(nextTick(rain, 20_000)).toBe(REMEMBERED_MS)
  expect(nextTick(rain, 20_000 + REMEMBERED_MS)).toBeNull()
  expect([7_000, 7_001, 9_999, 10_000].map((now) => secondsUntil(rain.starts_at, now))).toEqual([3, 3, 1, 0])
})

function asking(...answers: (() => { seq: number; result: Record<string, unknown> })[]) {
  const sent: string[] = []
  const waited: number[] = []
  const grabber = new Grabber(
    async (command) => {
      sent.push(command.type)
      return (answers.shift() as () => { seq: number; result: Record<string, unknown> })()
    },
    async (ms) => void waited.push(ms),
  )
  return { grabber, sent, waited }
}
const no = (code: string, retryAfterMs: number | null = null) => () => {
  throw new CommandRefused(code, '', retryAfterMs)
}
const got = () => ({ seq: 4, result: { amount: 452, rank: 1 } })

test('many taps are one command', async () => {
  const { grabber, sent } = asking(got)
  const outcomes = await Promise.all([grabber.grab('env_1'), grabber.grab('env_1'), grabber.grab('env_1')])
  expect(await grabber.grab('env_1')).toEqual({ won: { amount: 452, rank: 1 } })
  expect(outcomes).toEqual(Array(3).fill({ won: { amount: 452, rank: 1 } }))
  expect(sent).toEqual(['grab'])
})

test('too early and too busy are waited for, as long as the room says', async () => {
  const { grabber, sent, waited } = asking(no('rain_not_begun', 30), no('busy', 200), got)
  expect(await grabber.grab('env_1')).toEqual({ won: { amount: 452, rank: 1 } })
  expect([sent.length, waited]).toEqual([3, [30, 200]])
})

test.each([['envelope_empty', 'empty'], ['rain_over', 'over'], ['envelope_unknown', 'over'], ['viewers_only', 'hosts'], ['sign_in_first', 'sign_in'], ['closed', 'unknown']])('%s is told as %s', async (code, missed) => {
  expect(await asking(no(code)).grabber.grab('env_1')).toEqual({ missed })
})

test('after signing in, or after a lost connection, it can be asked anew', async () => {
  const { grabber, sent } = asking(no('sign_in_first'), no('closed'), got)
  for (const outcome of [{ missed: 'sign_in' }, { missed: 'unknown' }, { won: { amount: 452, rank: 1 } }]) expect(await grabber.grab('env_1')).toEqual(outcome)
  expect(sent.length).toBe(3)
})

test('packets fall spread over the whole width', () => {
  const all = falls(24)
  expect(all.map(({ left }) => Math.floor((left / 100) * 24)).sort((a, b) => a - b)).toEqual([...Array(24).keys()])
  expect(new Set(all.map(({ id }) => id)).size).toBe(24)
  expect(Math.min(...all.map(({ delayMs }) => delayMs))).toBeLessThan(130)
})

const credit = (envelope: string, account = 'acc_1', at = 1_000): Credit => ({ envelope, account, business: 'biz_1', amount: 452, at })
const line = (envelope: string): WalletEntry => ({ id: `win:${envelope}`, kind: 'win', business: 'biz_1', credit: { amount: 452, currency: 'CNY' }, at: 2_000, envelope })

test('a packet the wallet does not have yet is counted once, for its owner, and not for ever', () => {
  const kept = keepCredit(keepCredit(keepCredit([], credit('env_1')), credit('env_2')), credit('env_2'))
  expect(kept.map(({ envelope }) => envelope)).toEqual(['env_2', 'env_1'])
  expect(missingCredits(kept, 'acc_1', [line('env_1')], 5_000).map(({ envelope }) => envelope)).toEqual(['env_2'])
  expect(missingCredits(kept, 'acc_2', [], 5_000)).toEqual([])
  expect(missingCredits(kept, 'acc_1', [], 601_001)).toEqual([])
  expect(readCredits(JSON.stringify(kept))).toEqual(kept)
  expect([readCredits(''), readCredits('{"'), readCredits('1')]).toEqual([[], [], []])
})

test('what the desk refuses before the room would', () => {
  expect(faultOf(PLANNED, 10_000)).toBeNull()
  expect(faultOf(PLANNED, 8_799)).toBe('budget')
  expect(faultOf({ ...PLANNED, total: NaN }, null)).toBe('total')
  expect(faultOf({ ...PLANNED, total: 10_000_001 }, null)).toBe('total')
  expect(faultOf({ ...PLANNED, packets: 0 }, null)).toBe('packets')
  expect(faultOf({ ...PLANNED, packets: 1.5 }, null)).toBe('packets')
  expect(faultOf({ ...PLANNED, total: 3, packets: 4 }, null)).toBe('thin')
  expect([toFen('88'), toFen('0.1'), toFen(' 88.88 '), toFen('1.999'), toFen('-1'), toFen('')]).toEqual([8_800, 10, 8_888, NaN, NaN, NaN])
  expect([toYuan(8_800), toYuan(8_850)]).toEqual(['88', '88.50'])
})
