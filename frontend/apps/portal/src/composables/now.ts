import { onMounted, onUnmounted, type Ref, ref } from 'vue'

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | null = null

const read = (): void => void (now.value = Date.now())

/** The time, once a second, from one timer for all that count. */
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
