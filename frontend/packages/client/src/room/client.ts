import { ApiProblem } from '../api/problems'
import { randomId } from '../random'
import { Backoff, type BackoffOptions } from './backoff'
import { ServerClock } from './clock'
import type { Bought, Command, DownFrame, EventsFrame, Mine, Packet, RoomView, Sales, UpFrame, WelcomeFrame } from './frames'
import { browserSocket, type OpenSocket, type Socket } from './socket'
import { appendLines, type ChatLine, EMPTY_VIEW, evolve, placeLine, wholeRain, withGrabbed } from './view'
import type { PublicAccount } from '../api/types'

/** How the room is reached. `closed` is final: nothing more comes until `start` is called again. */
export type Link = 'idle' | 'connecting' | 'online' | 'reconnecting' | 'closed'

export interface RoomSnapshot {
  link: Link
  view: RoomView
  mine: Mine
  lines: readonly ChatLine[]
  /** The last one who bought something; another object for each. */
  bought: Bought | null
  /** What was sold so far, for those who run the show. */
  sales: Sales | null
  you: PublicAccount | null
  role: string
  /** Why the link is closed for good: a problem's or a bye's code. */
  closedBy: string | null
}

/** Before anything was heard of a room. */
export const NO_ROOM: RoomSnapshot = { link: 'idle', view: EMPTY_VIEW, mine: {}, lines: [], bought: null, sales: null, you: null, role: '', closedBy: null }

export interface RoomOptions {
  url: string
  /** Fetches a fresh short-lived ticket for this client; asked again for every connection. */
  ticket: (client: string) => Promise<string>
  onChange: (snapshot: RoomSnapshot) => void
  open?: OpenSocket
  lang?: string
  backoff?: BackoffOptions
  heartbeatMs?: number
  /** A ping or a join without an answer for this long means the connection is dead. */
  answerMs?: number
  keepLines?: number
}

/** The room refused a command: nothing happened. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused'

  constructor(
    readonly code: string,
    title: string,
    readonly retryAfterMs: number | null,
  ) {
    super(title || code)
  }
}

/** What became of a command: its place in the log (0 when nothing had to change) and what the room says to it. */
export interface Answer {
  seq: number
  result: Record<string, unknown>
}

interface Waiting {
  command: Command
  resolve: (answer: Answer) => void
  reject: (reason: Error) => void
}

/** Byes after which a new connection would only meet the same answer. */
const FINAL_BYES = new Set(['replaced', 'bad_frame', 'ended', 'not_allowed', 'not_found'])

/**
 * One viewer's connection to a room. It keeps the cursor, resumes where it stopped, keeps unanswered commands
 * and sends them again under the same number, so that the room does each exactly once.
 */
export class RoomClient {
  readonly clock = new ServerClock()
  private readonly client = randomId()
  private readonly backoff: Backoff
  private readonly waiting = new Map<number, Waiting>()
  /** Own lines that are durable and not yet passed by the cursor. */
  private own: ChatLine[] = []
  private snapshot = NO_ROOM
  private cursor: number | null = null
  private epoch = 0
  private lastNumber = 0
  private socket: Socket | null = null
  /** Counts connections; what an older one still says is ignored. */
  private generation = 0
  private reconnectTimer: ReturnType<typeof setTimeout> | null = null
  private heartbeatTimer: ReturnType<typeof setTimeout> | null = null
  private answerTimer: ReturnType<typeof setTimeout> | null = null

  constructor(private readonly options: RoomOptions) {
    this.backoff = new Backoff(options.backoff ?? { baseMs: 500, capMs: 15_000 })
  }

  get current(): RoomSnapshot {
    return this.snapshot
  }

  start(): void {
    if (this.snapshot.link !== 'idle' && this.snapshot.link !== 'closed') return
    this.change({ link: 'connecting', closedBy: null })
    void this.connect()
  }

  /** Leaves for good. Unanswered commands are rejected: their outcome stays unknown. */
  stop(): void {
    this.disconnect()
    this.end(null)
  }

  /** The network or the page is back: try now instead of when the back-off says. */
  wake(): void {
    if (this.reconnectTimer === null) return
    this.backoff.reset()
    this.scheduleConnect(0)
  }

  /** Resolves with the place in the log once the command is durable. @throws CommandRefused */
  async send(command: Command): Promise<number> {
    return (await this.ask(command)).seq
  }

  /** The same, for commands whose answer says more. @throws CommandRefused */
  ask(command: Command): Promise<Answer> {
    if (this.snapshot.link === 'closed') return Promise.reject(new CommandRefused('closed', '', null))
    this.lastNumber += 1
    const n = this.lastNumber
    return new Promise((resolve, reject) => {
      this.waiting.set(n, { command, resolve, reject })
      if (this.snapshot.link === 'online') this.write({ t: 'cmd', n, c: command })
    })
  }

  private async connect(): Promise<void> {
    const generation = ++this.generation
    let ticket: string
    try {
      ticket = await this.options.ticket(this.client)
    } catch (error) {
      if (generation !== this.generation) return
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) this.end(error.code)
      else this.reconnect()
      return
    }
    if (generation !== this.generation) return

    const current = <A extends unknown[]>(then: (...args: A) => void) => (...args: A): void => {
      if (generation === this.generation) then(...args)
    }
    this.expectAnswer()
    this.socket = (this.options.open ?? browserSocket)(this.options.url, {
      open: current(() => {
        const join: UpFrame = { t: 'join', ticket, client: this.client, lang: this.options.lang ?? 'zh-CN' }
        this.write(this.cursor === null ? join : { ...join, cursor: this.cursor })
      }),
      message: current((text) => this.receive(JSON.parse(text) as DownFrame)),
      close: current(() => this.reconnect()),
    })
  }

  private receive(frame: DownFrame): void {
    switch (frame.t) {
      case 'welcome':
        return this.welcome(frame)
      case 'ev':
        return this.events(frame)
      case 'ack': {
        const { seq = 0, result = {} } = frame
        return this.answer(frame.n, ({ command, resolve }) => {
          if (command.type === 'chat' && seq) this.said(seq, command.text)
          if (command.type === 'grab') this.took(command.envelope, result as unknown as Packet)
          resolve({ seq, result })
        })
      }
      case 'sales': {
        const { t: _, ...sales } = frame
        return this.change({ sales })
      }
      case 'nak': {
        const retryAfterMs = frame.retry_after === undefined ? null : frame.retry_after * 1000
        return this.answer(frame.n, ({ reject }) => reject(new CommandRefused(frame.code, frame.title ?? '', retryAfterMs)))
      }
      case 'pong':
        this.clock.sample(frame.at, frame.server_at)
        return this.answered()
      case 'bye':
        this.disconnect()
        if (FINAL_BYES.has(frame.code)) this.end(frame.code)
        else this.reconnect(frame.retry_after === undefined ? undefined : frame.retry_after * 1000)
    }
  }

  private welcome(frame: WelcomeFrame): void {
    this.answered()
    this.backoff.reset()
    this.epoch = frame.epoch
    this.cursor = frame.upto
    const { view, lines } = this.snapshot
    const { rain } = frame.view
    const kept = frame.recovered ? lines : []
    this.change({
      link: 'online',
      view: { ...(frame.recovered ? view : EMPTY_VIEW), ...frame.view, rain: rain ? wholeRain(rain) : null },
      mine: frame.mine ?? {},
      lines: appendLines(kept, frame.events ?? [], this.keepLines),
      you: frame.you,
      role: frame.role,
    })
    this.placeOwn()
    for (const [n, { command }] of this.waiting) this.write({ t: 'cmd', n, c: command })
    this.ping()
  }

  private events(frame: EventsFrame): void {
    if (this.cursor === null || frame.epoch < this.epoch) return
    if (frame.after !== this.cursor) {
      if (frame.upto > this.cursor) this.resume()
      return
    }
    this.epoch = frame.epoch
    this.cursor = frame.upto
    const events = frame.events ?? []
    const view = events.reduce(evolve, this.snapshot.view)
    const counted = { ...view, likes: frame.likes ?? view.likes, viewers: frame.viewers ?? view.viewers }
    this.change({
      view: withGrabbed(counted, frame.grabbed),
      bought: frame.bought?.at(-1) ?? this.snapshot.bought,
      lines: appendLines(this.snapshot.lines, events, this.keepLines),
    })
    this.placeOwn()
    // Everybody counts down to the same moment: one more sample of the clock for it.
    if (events.some(({ type }) => type === 'rain_announced')) this.ping()
  }

  /** A line of one's own is shown once the cursor has passed it, also when a crowded room shows only a part of its chat. */
  private said(seq: number, text: string): void {
    const { you, role } = this.snapshot
    if (!you) return
    const badge = role === 'anchor' || role === 'assistant' ? role : ''
    this.own.push({ seq, at: this.clock.now(), userId: you.id, name: you.name, text, badge })
    this.placeOwn()
  }

  private took(envelope: string, packet: Packet): void {
    const { mine } = this.snapshot
    this.change({ mine: { ...mine, red_envelope: { ...mine.red_envelope, [envelope]: packet } } })
  }

  private placeOwn(): void {
    const due = this.own.filter(({ seq }) => this.cursor !== null && seq <= this.cursor)
    if (!due.length) return
    this.own = this.own.filter((line) => !due.includes(line))
    const lines = due.reduce((all, line) => placeLine(all, line, this.keepLines), this.snapshot.lines)
    if (lines !== this.snapshot.lines) this.change({ lines })
  }

  /** Something was missed: join again at once, from the cursor. */
  private resume(): void {
    this.disconnect()
    this.change({ link: 'reconnecting' })
    this.scheduleConnect(0)
  }

  private reconnect(afterMs?: number): void {
    this.disconnect()
    this.change({ link: this.cursor === null ? 'connecting' : 'reconnecting' })
    this.scheduleConnect(afterMs ?? this.backoff.next())
  }

  private scheduleConnect(afterMs: number): void {
    if (this.reconnectTimer !== null) clearTimeout(this.reconnectTimer)
    this.reconnectTimer = setTimeout(() => {
      this.reconnectTimer = null
      void this.connect()
    }, afterMs)
  }

  private disconnect(): void {
    this.generation += 1
    for (const timer of [this.reconnectTimer, this.heartbeatTimer, this.answerTimer]) if (timer !== null) clearTimeout(timer)
    this.reconnectTimer = this.heartbeatTimer = this.answerTimer = null
    this.socket?.close()
    this.socket = null
  }

  private end(code: string | null): void {
    for (const { reject } of this.waiting.values()) reject(new CommandRefused('closed', '', null))
    this.waiting.clear()
    this.change({ link: 'closed', closedBy: code })
  }

  private answer(n: number, settle: (waiting: Waiting) => void): void {
    const waiting = this.waiting.get(n)
    if (!waiting) return
    this.waiting.delete(n)
    settle(waiting)
  }

  private ping(): void {
    this.write({ t: 'ping', at: Date.now() })
    this.expectAnswer()
    if (this.heartbeatTimer !== null) clearTimeout(this.heartbeatTimer)
    this.heartbeatTimer = setTimeout(() => this.ping(), this.options.heartbeatMs ?? 20_000)
  }

  private expectAnswer(): void {
    this.answered()
    this.answerTimer = setTimeout(() => this.reconnect(), this.options.answerMs ?? 10_000)
  }

  private answered(): void {
    if (this.answerTimer !== null) clearTimeout(this.answerTimer)
    this.answerTimer = null
  }

  private write(frame: UpFrame): void {
    this.socket?.send(JSON.stringify(frame))
  }

  private get keepLines(): number {
    return this.options.keepLines ?? 200
  }

  private change(part: Partial<RoomSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...part }
    this.options.onChange(this.snapshot)
  }
}
