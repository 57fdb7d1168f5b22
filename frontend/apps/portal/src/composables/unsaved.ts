import { onMounted, onUnmounted } from 'vue'

/** Lets the browser ask before it leaves a page on which something is not saved. */
export function useUnsaved(isUnsaved: () => boolean): void {
  const warn = (event: BeforeUnloadEvent): void => {
    if (isUnsaved()) event.preventDefault()
  }
  onMounted(() => window.addEventListener('beforeunload', warn))
  onUnmounted(() => window.removeEventListener('beforeunload', warn))
}
