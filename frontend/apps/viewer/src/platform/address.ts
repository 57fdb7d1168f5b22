/**
 * In a browser somebody may type or paste another room's address into the same tab. The router keeps a page whose path
 * stays the same, so that a change of its query alone would show the old room: load the new one.
 */
export function followAddress(): void {
  // #ifdef H5
  window.addEventListener('hashchange', ({ oldURL, newURL }) => {
    const [before, after] = [oldURL, newURL].map((url) => new URL(url).hash.split('?'))
    const samePath = before?.[0] === after?.[0]
    if (samePath && before?.[1] !== after?.[1] && getCurrentPages().length) location.reload()
  })
  // #endif
}
