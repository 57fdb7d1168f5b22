import { afterEach, beforeEach, expect, test } from 'vitest'
import { ApiProblem, Unreachable } from '../../src/api/problems'
import { CommandRefused, RoomClient, type RoomOptions, type RoomSnapshot } from '../../src/room/client'
import { chat, nodeSocket, TestRoom, until } from './server'

let room: TestRoom
let client: RoomClient
let seen: RoomSnapshot[]

const QUICK = { baseMs: 10, capMs: 40 }

function join(options: Partial<RoomOptions> = {}): RoomClient {
  seen = []
  client = new RoomClient({
    url: room.url,
    open: nodeSocket,
    ticket: async (id) => `ticket-for-${id}`,
    onChange: (snapshot) => seen.push(snapshot),
    backoff: QUICK,
    ...options,
  })
  client.start()
  return client
}

const texts = (): string[] => client.current.lines.map(({ text }) => text)
const online = (): Promise<true> => until('online', () => client.current.link === 'online')

beforeEach(async () => {
  room = await TestRoom.open()
})
afterEach(async () => {
  client.stop()
  await room.close()
})

test('joins with a ticket made for this client and without a cursor', async () => {
  join()
  const first = await room.connection(0)
  const frame = await first.got('join')
  expect(frame.ticket).toBe(`ticket-for-${frame.client}`)
  expect(frame.cursor).toBeUndefined()
  expect(frame.lang).toBe('zh-CN')
})

test('shows the view and the last lines of the welcome', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(7, false, [chat(5, '你好'), chat(7, '好看')])
  await online()
  expect(client.current.view.state).toBe('live')
  expect(client.current.you?.name).toBe('木木')
  expect(texts()).toEqual(['你好', '好看'])
})

test('applies events in step and moves the cursor over hidden ones', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  first.say({ t: 'ev', epoch: 1, after: 3, upto: 9, events: [chat(4, '一')], viewers: 12 })
  first.say({ t: 'ev', epoch: 1, after: 9, upto: 10, events: [{ type: 'pinned', seq: 10, at: 2_000, offer: 'off_1', product: 'prd_1' }] })
  await until('the pin', () => client.current.view.pinned === 'off_1')
  expect(texts()).toEqual(['一'])
  expect(client.current.view.viewers).toBe(12)
})

test('resumes from its cursor after a lost connection and misses nothing', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false, [chat(3, '一')])
  await online()
  first.drop()

  const second = await room.connection(1)
  const again = await second.got('join')
  expect(again.cursor).toBe(3)
  expect(again.client).toBe((await first.got('join')).client)
  second.welcome(5, true, [chat(4, '二'), chat(5, '三')])
  await until('the missed lines', () => texts().length === 3)
  expect(texts()).toEqual(['一', '二', '三'])
  expect(seen.some(({ link }) => link === 'reconnecting')).toBe(true)
})

test('a gap in the stream makes it resume at once', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  first.say({ t: 'ev', epoch: 1, after: 5, upto: 6, events: [chat(6, '缺了前面')] })

  const second = await room.connection(1)
  expect((await second.got('join')).cursor).toBe(3)
  second.welcome(6, true, [chat(4, '补上'), chat(6, '缺了前面')])
  await until('both lines', () => texts().length === 2)
  expect(texts()).toEqual(['补上', '缺了前面'])
})

test('frames it already holds and frames of an older epoch change nothing', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false, [chat(3, '一')])
  first.say({ t: 'ev', epoch: 1, after: 2, upto: 3, events: [chat(3, '一')] })
  first.say({ t: 'ev', epoch: 0, after: 3, upto: 4, events: [chat(4, '旧主')] })
  first.say({ t: 'ev', epoch: 1, after: 3, upto: 4, events: [chat(4, '二')] })
  await until('the second line', () => texts().length === 2)
  expect(texts()).toEqual(['一', '二'])
  expect(room.connections).toHaveLength(1)
})

test('recovered: false drops what it had and starts from the view', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false, [chat(3, '旧的')])
  first.say({ t: 'ev', epoch: 1, after: 3, upto: 4, events: [{ type: 'announced', seq: 4, at: 1, text: '旧公告' }] })
  await until('the notice', () => client.current.view.notice === '旧公告')
  first.drop()

  const second = await room.connection(1)
  await second.got('join')
  second.welcome(90, false, [chat(90, '新的')])
  await until('the new line', () => texts().includes('新的'))
  expect(texts()).toEqual(['新的'])
  expect(client.current.view.notice).toBe('')
})

test('a command resolves with its place in the log', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  const sent = client.send({ type: 'chat', text: '你好' })
  const command = await first.got('cmd')
  expect(command).toEqual({ t: 'cmd', n: 1, c: { type: 'chat', text: '你好' } })
  first.say({ t: 'ack', n: 1, seq: 4 })
  expect(await sent).toBe(4)
})

test('unanswered commands are sent again with the same numbers in the same order; answered ones are not', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  const answered = client.send({ type: 'chat', text: '一' })
  const open = [client.send({ type: 'chat', text: '二' }), client.send({ type: 'like', count: 3 })]
  await first.got('cmd', 2)
  first.say({ t: 'ack', n: 1, seq: 4 })
  await answered
  first.drop()

  const second = await room.connection(1)
  await second.got('join')
  expect(second.ofKind('cmd')).toEqual([])
  second.welcome(4, true)
  await second.got('cmd', 1)
  expect(second.ofKind('cmd').map(({ n, c }) => [n, c.type])).toEqual([
    [2, 'chat'],
    [3, 'like'],
  ])
  second.say({ t: 'ack', n: 2, seq: 5 })
  second.say({ t: 'ack', n: 3 })
  expect(await Promise.all(open)).toEqual([5, 0])
})

test("one's own line is shown when a crowded room leaves it out, and only once when it does not", async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  const left = client.send({ type: 'chat', text: '被省略' })
  const shown = client.send({ type: 'chat', text: '照常' })
  await first.got('cmd', 1)
  first.say({ t: 'ack', n: 1, seq: 5 })
  first.say({ t: 'ack', n: 2, seq: 7 })
  await Promise.all([left, shown])
  expect(texts()).toEqual([])
  first.say({ t: 'ev', epoch: 1, after: 3, upto: 8, events: [chat(4, '一'), chat(7, '照常'), chat(8, '二')] })
  await until('the lines', () => texts().length === 4)
  expect(texts()).toEqual(['一', '被省略', '照常', '二'])
})

test('a command given while away goes out after the welcome', async () => {
  join()
  const sent = client.send({ type: 'chat', text: '早' })
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await first.got('cmd')
  first.say({ t: 'ack', n: 1, seq: 4 })
  expect(await sent).toBe(4)
})

test('a refused command rejects with the code and when to try again', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  const sent = client.send({ type: 'chat', text: '刷屏' })
  await first.got('cmd')
  first.say({ t: 'nak', n: 1, code: 'too_many', title: '说得太快', retry_after: 2.5 })
  const refused = await sent.catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CommandRefused)
  expect(refused).toMatchObject({ code: 'too_many', message: '说得太快', retryAfterMs: 2_500 })
})

test('a ping without an answer is a dead connection', async () => {
  join({ answerMs: 60 })
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await first.got('ping')
  expect((await (await room.connection(1)).got('join')).cursor).toBe(3)
})

test('a join without a welcome is a dead connection', async () => {
  join({ answerMs: 60 })
  await (await room.connection(0)).got('join')
  await (await room.connection(1)).got('join')
})

test('answered pings keep the connection and measure the clock', async () => {
  join({ heartbeatMs: 20, answerMs: 200 })
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  for (let i = 0; i < 4; i += 1) {
    const { at } = await first.got('ping', i)
    first.say({ t: 'pong', at, server_at: at + 60_000 })
  }
  await until('an offset of about a minute', () => Math.abs(client.clock.offset - 60_000) < 100)
  expect(room.connections).toHaveLength(1)
})

test('moved joins again at the new owner; replaced is final', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  first.say({ t: 'bye', code: 'moved' })
  const second = await room.connection(1)
  expect((await second.got('join')).cursor).toBe(3)
  second.welcome(3, true)
  await online()
  const open = client.send({ type: 'like', count: 1 })
  second.say({ t: 'bye', code: 'replaced' })
  await expect(open).rejects.toBeInstanceOf(CommandRefused)
  expect(client.current).toMatchObject({ link: 'closed', closedBy: 'replaced' })
})

test('a ticket that is refused is final, one that did not come is asked for again', async () => {
  const answers: (() => string)[] = [
    () => {
      throw new Unreachable('no answer')
    },
    () => 'second',
    () => {
      throw new ApiProblem({ type: 'about:blank', title: '没有权限', status: 403, code: 'not_allowed' })
    },
  ]
  join({ ticket: async () => answers.shift()!() })
  const first = await room.connection(0)
  expect((await first.got('join')).ticket).toBe('second')
  first.welcome(3, false)
  await online()
  first.drop()
  await until('closed', () => client.current.link === 'closed')
  expect(client.current.closedBy).toBe('not_allowed')
})

test('waking does not wait for the back-off', async () => {
  join({ backoff: { baseMs: 60_000, capMs: 60_000 } })
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  first.drop()
  await until('reconnecting', () => client.current.link === 'reconnecting')
  client.wake()
  await (await room.connection(1)).got('join')
})

test('stop leaves, and nothing comes back', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(3, false)
  await online()
  client.stop()
  expect(client.current.link).toBe('closed')
  await expect(client.send({ type: 'like', count: 1 })).rejects.toBeInstanceOf(CommandRefused)
  expect(room.connections).toHaveLength(1)
})

test('a rain counts down with one more sample of the clock; the packet of a grab is kept, and told again by a welcome', async () => {
  join()
  const first = await room.connection(0)
  await first.got('join')
  first.welcome(7, false)
  await online()
  const rain = { envelope: 'env_1', total: 900, packets: 3, starts_at: 10, ends_at: 20, commitment: 'ab' }
  first.say({ t: 'ev', epoch: 1, after: 7, upto: 8, events: [{ type: 'rain_announced', seq: 8, at: 5, ...rain }] })
  await first.got('ping', 1)
  const asked = client.ask({ type: 'grab', envelope: 'env_1' })
  const { n } = await first.got('cmd')
  first.say({ t: 'ack', n, seq: 9, result: { amount: 452, rank: 1 } })
  expect(await asked).toEqual({ seq: 9, result: { amount: 452, rank: 1 } })
  expect(client.current.mine.red_envelope).toEqual({ env_1: { amount: 452, rank: 1 } })
  first.drop()
  const second = await room.connection(1)
  await second.got('join')
  const you = { id: 'acc_1', name: '木木' }
  second.say({ t: 'welcome', epoch: 1, upto: 9, recovered: true, view: { rain }, mine: { red_envelope: { env_1: { amount: 452, rank: 1 } } }, server_at: 1, role: 'viewer', you })
  await online()
  expect(client.current.view.rain).toMatchObject({ envelope: 'env_1', settled: false, luckiest: [] })
  expect(client.current.mine.red_envelope).toEqual({ env_1: { amount: 452, rank: 1 } })
})
