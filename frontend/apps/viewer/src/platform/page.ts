/** Where the page came from; a mini-program has no origin and is configured with one at build time. */
export const ORIGIN: string = import.meta.env.VITE_KAIBO_ORIGIN ?? (typeof location === 'undefined' ? '' : location.origin)

/** An address others can open. */
export const linkTo = (path: string): string =>
  typeof location === 'undefined' ? path : `${location.origin}${location.pathname}#${path}`

export function copyText(text: string, done: string): void {
  uni.setClipboardData({ data: text, showToast: false, success: () => say(done) })
}

export const say = (title: string): void => void uni.showToast({ title, icon: 'none', duration: 2_200 })

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
  const visible = (): void => {
    if (document.visibilityState === 'visible') wake()
  }
  if (typeof document !== 'undefined') document.addEventListener('visibilitychange', visible)
  return () => {
    uni.offNetworkStatusChange(network)
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', visible)
  }
}
