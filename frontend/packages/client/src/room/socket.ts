export interface Socket {
  send(text: string): void
  close(): void
}

export interface SocketEvents {
  open(): void
  message(text: string): void
  /** Called once, also when the connection could not be opened. */
  close(): void
}

/** Opens a websocket; the mini-program and the tests bring their own. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket

export const browserSocket: OpenSocket = (url, events) => {
  const socket = new WebSocket(url)
  socket.onopen = () => events.open()
  socket.onmessage = ({ data }) => events.message(String(data))
  socket.onclose = () => events.close()
  return { send: (text) => socket.send(text), close: () => socket.close(1000) }
}
