/** Where the server is. A mini-program has no origin of its own: it is told one when it is built. */
export const ORIGIN: string = import.meta.env.VITE_KAIBO_ORIGIN ?? (typeof location === 'undefined' ? 'http://localhost:8000' : location.origin)

/** An address others can open. */
export const linkTo = (path: string): string =>
  `${typeof location === 'undefined' ? `${ORIGIN}/` : location.origin + location.pathname}#${path}`

export function copyText(text: string, done: string): void {
  uni.setClipboardData({ data: text, showToast: false, success: () => say(done) })
}

export const say = (title: string): void => void uni.showToast({ title, icon: 'none', duration: 2_200 })

/** Brings a part of the page, by its id, to where it can be seen. */
export function bringUp(id: string): void {
  // #ifdef H5
  document.getElementById(id)?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  // #endif
  // #ifndef H5
  uni.pageScrollTo({ selector: `.write >>> #${id}`, duration: 200 })
  // #endif
}

/** Back where one came from, or home when the page was opened by a link. */
export function leave(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else uni.reLaunch({ url: '/pages/home/home' })
}

/** The page is visible again, or the network is back: `wake` is called. Returns how to stop listening. */
export function onWake(wake: () => void): () => void {
  const network = ({ isConnected }: { isConnected: boolean }): void => {
    if (isConnected) wake()
  }
  uni.onNetworkStatusChange(network)
  const stopSeeing = onSeen(wake)
  return () => {
    uni.offNetworkStatusChange(network)
    stopSeeing()
  }
}

function onSeen(seen: () => void): () => void {
  // #ifdef H5
  const visible = (): void => {
    if (document.visibilityState === 'visible') seen()
  }
  document.addEventListener('visibilitychange', visible)
  return () => document.removeEventListener('visibilitychange', visible)
  // #endif
  // #ifndef H5
  uni.onAppShow(seen)
  return () => uni.offAppShow(seen)
  // #endif
}
