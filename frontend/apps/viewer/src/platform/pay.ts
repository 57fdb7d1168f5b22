import { copyText } from './page'

/**
 * Opens the page on which an order is paid. In a browser that is the same tab, for the page leads back to ours; a
 * mini-program can't show a page of another origin, so its link is copied and `copied` says so.
 */
export function openPayment(url: string, copied: string): void {
  // #ifdef H5
  location.href = url
  // #endif
  // #ifndef H5
  copyText(url, copied)
  // #endif
}

/** The path of ours that the payment page comes back to. */
export const returnPath = (page: string): string => `/#${page}`
