import { onMounted, onUnmounted } from 'vue'

/** Does something every so often while the screen is open and looked at; never two at a time. */
export function useEvery(ms: number, act: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let open = false

  const next = (): void => {
    timer = setTimeout(async () => {
      if (!document.hidden) await act()
      if (open) next()
    }, ms)
  }

  onMounted(() => {
    open = true
    next()
  })
  onUnmounted(() => {
    open = false
    if (timer) clearTimeout(timer)
  })
}
