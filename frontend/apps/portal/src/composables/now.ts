import { onMounted, onUnmounted, type Ref, ref } from 'vue'

const now = ref(Date.now())
/** How far the server's clock is ahead of ours. */
let offsetMs = 0
let users = 0
let timer: ReturnType<typeof setInterval> | null = null

const read = (): void => void (now.value = Date.now() + offsetMs)

export function setServerTime(serverAt: number): void {
  offsetMs = serverAt - Date.now()
  read()
}

export const serverNow = (): number => Date.now() + offsetMs

/** The server's time, once a second, from one timer for all that count. */
export function useNow(): Ref<number> {
  onMounted(() => {
    users += 1
    read()
    timer ??= setInterval(read, 1_000)
  })
  onUnmounted(() => {
    users -= 1
    if (users || timer === null) return
    clearInterval(timer)
    timer = null
  })
  return now
}
