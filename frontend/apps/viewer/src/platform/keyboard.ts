/** In a browser, Enter and Space press whatever has the role of a button, tab or link. Elsewhere there are no keys. */
export function enableKeyboard(): void {
  // #ifdef H5
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return
    const target = event.target as HTMLElement
    if (!target.matches('[role=button],[role=tab],[role=link]')) return
    event.preventDefault()
    target.click()
  })
  // #endif
}
