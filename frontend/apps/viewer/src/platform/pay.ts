// #ifndef H5
let page = ''

/** The payment page that `pages/orders/pay` shows. */
export const paymentPage = (): string => page
// #endif

/**
 * Opens the page on which an order is paid. In a browser that is the same tab, for the page leads back to ours. A
 * mini-program shows it in a `web-view` and goes back by itself once the order is paid; a provider that speaks
 * `wx.requestPayment` would be called here instead.
 */
export function openPayment(url: string, order: string): void {
  // #ifdef H5
  location.href = url
  // #endif
  // #ifndef H5
  page = url
  uni.navigateTo({ url: `/pages/orders/pay?id=${order}` })
  // #endif
}

/** The path of ours that the payment page comes back to. */
export const returnPath = (page: string): string => `/#${page}`
