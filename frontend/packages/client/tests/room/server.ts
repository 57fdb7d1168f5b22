import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import type { DownFrame, RoomEvent, UpFrame } from '../../src/room/frames'
import type { OpenSocket } from '../../src/room/socket'

/** A room spoken over a real websocket, one frame at a time, as the test wants it. */
export class TestRoom {
  readonly connections: Connection[] = []
  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => this.connections.push(new Connection(socket)))
  }

  static async open(): Promise<TestRoom> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    return new TestRoom(server)
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/room`
  }

  /** The nth connection, once it is there. */
  async connection(index: number): Promise<Connection> {
    return until(`connection ${index}`, () => this.connections[index])
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.drop()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

export class Connection {
  readonly frames: UpFrame[] = []

  constructor(private readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as UpFrame))
  }

  /** The nth frame of a kind, once it has come. */
  async got<T extends UpFrame['t']>(kind: T, index = 0): Promise<Extract<UpFrame, { t: T }>> {
    return until(`${kind} ${index}`, () => this.ofKind(kind)[index])
  }

  ofKind<T extends UpFrame['t']>(kind: T): Extract<UpFrame, { t: T }>[] {
    return this.frames.filter((frame): frame is Extract<UpFrame, { t: T }> => frame.t === kind)
  }

  say(frame: DownFrame): void {
    this.socket.send(JSON.stringify(frame))
  }

  welcome(upto: number, recovered: boolean, events: RoomEvent[] = []): void {
    this.say({ t: 'welcome', epoch: 1, upto, recovered, view: { program: 'prg_1', state: 'live' }, events, server_at: Date.now(), role: 'viewer', you: { id: 'acc_1', name: '木木' } })
  }

  /** Cut without a word, as a lost network does. */
  drop(): void {
    this.socket.terminate()
  }
}

export const nodeSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url)
  socket.on('open', () => events.open())
  socket.on('message', (data) => events.message(String(data)))
  socket.on('error', () => undefined)
  socket.on('close', () => events.close())
  return { send: (text) => socket.send(text), close: () => socket.close() }
}

/** Waits for a condition and says what was missing. */
export async function until<T>(what: string, read: () => T | undefined | null | false): Promise<T> {
  const deadline = Date.now() + 3_000
  for (;;) {
    const value = read()
    if (value !== undefined && value !== null && value !== false) return value
    if (Date.now() > deadline) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export const chat = (seq: number, text: string): RoomEvent => ({ type: 'chat', seq, at: 1_000 + seq, user: { id: 'acc_2', name: '大橙子' }, text })
