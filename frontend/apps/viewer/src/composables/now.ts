import { onMounted, onUnmounted, type Ref, ref } from 'vue'

const now = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | null = null

/** The time, once a second, from one timer for all that count. */
export function useNow(): Ref<number> {
  onMounted(() => {
    users += 1
    now.value = Date.now()
    timer ??= setInterval(() => (now.value = Date.now()), 1_000)
  })
  onUnmounted(() => {
    users -= 1
    if (users || timer === null) return
    clearInterval(timer)
    timer = null
  })
  return now
}
