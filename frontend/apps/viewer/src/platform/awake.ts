/** Keeps the screen on until stopped. */
export function stayAwake(): () => void {
  // #ifdef H5
  return holdWakeLock()
  // #endif
  // #ifndef H5
  uni.setKeepScreenOn({ keepScreenOn: true })
  return () => uni.setKeepScreenOn({ keepScreenOn: false })
  // #endif
}

// #ifdef H5
/** The browser lets go of the lock whenever the page is hidden. */
function holdWakeLock(): () => void {
  let lock: WakeLockSentinel | null = null
  let over = false
  const hold = async (): Promise<void> => {
    if (over || document.visibilityState !== 'visible' || !navigator.wakeLock) return
    const held = await navigator.wakeLock.request('screen').catch(() => null)
    if (over) await held?.release()
    else lock = held
  }
  const again = (): void => void hold()
  document.addEventListener('visibilitychange', again)
  void hold()
  return () => {
    over = true
    document.removeEventListener('visibilitychange', again)
    void lock?.release().catch(() => undefined)
  }
}
// #endif
