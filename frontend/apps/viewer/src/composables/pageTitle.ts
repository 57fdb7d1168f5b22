import { onMounted, watchEffect } from 'vue'

/** Names the page for the browser's tab and the mini-program's bar, in the language that is spoken. */
export function usePageTitle(title: () => string): void {
  onMounted(() => {
    watchEffect(() => void uni.setNavigationBarTitle({ title: title() }))
  })
}
