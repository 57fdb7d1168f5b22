/** Rich text as the server keeps it: the same allow-list, so that what is shown is what is stored. */
const TAGS = new Set(['P', 'BR', 'B', 'STRONG', 'I', 'EM', 'U', 'S', 'H2', 'H3', 'H4', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'A', 'CODE', 'PRE'])
const GONE = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'EMBED', 'SVG', 'MATH', 'TITLE', 'NOSCRIPT'])
const SCHEME = /^(https?:|mailto:|tel:)/i

/** Keeps what the allow-list has. The text is parsed apart: nothing in it runs or loads. */
export function cleanHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  clean(page.body)
  return page.body.innerHTML
}

function clean(parent: Element): void {
  for (const node of [...parent.childNodes]) {
    if (node.nodeType === Node.TEXT_NODE) continue
    if (!(node instanceof Element) || GONE.has(node.tagName.toUpperCase())) node.remove()
    else {
      clean(node)
      if (TAGS.has(node.tagName)) bare(node)
      else if (node.tagName === 'DIV') rename(node, 'p')
      else node.replaceWith(...node.childNodes)
    }
  }
}

function bare(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const stays = element.tagName === 'A' && (name === 'title' || (name === 'href' && SCHEME.test(value.trim())))
    if (!stays) element.removeAttribute(name)
  }
}

function rename(element: Element, name: string): void {
  const other = element.ownerDocument.createElement(name)
  other.append(...element.childNodes)
  element.replaceWith(other)
}

/** Plain text as paragraphs. */
export const paragraphs = (text: string): string =>
  text
    .split(/\r?\n+/)
    .filter((line) => line.trim())
    .map((line) => `<p>${line.replace(/[&<>]/g, (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[one]!)}</p>`)
    .join('')
