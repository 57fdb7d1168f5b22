import type { OpenSocket } from '@kaibo/client'

/** A websocket by `uni.connectSocket`. Errors are followed by a close or are the close. */
export const uniSocket: OpenSocket = (url, events) => {
  let closed = false
  const close = (): void => {
    if (closed) return
    closed = true
    events.close()
  }
  const task = uni.connectSocket({ url, complete: () => undefined })
  task.onOpen(() => events.open())
  task.onMessage(({ data }) => events.message(String(data)))
  task.onClose(close)
  task.onError(close)
  return {
    send: (text) => task.send({ data: text, fail: close }),
    close: () => task.close({ code: 1000 }),
  }
}
