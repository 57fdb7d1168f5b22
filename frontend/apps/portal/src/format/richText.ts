/** Rich text as the server keeps it: the same allow-list, so that what is shown is what is stored. */
const TAGS = new Set(['P', 'BR', 'B', 'STRONG', 'I', 'EM', 'U', 'S', 'H2', 'H3', 'H4', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'A', 'CODE', 'PRE'])
const GONE = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'EMBED', 'SVG', 'MATH', 'TITLE', 'NOSCRIPT'])
const BLOCKS = new Set(['P', 'UL', 'OL', 'H2', 'H3', 'H4', 'BLOCKQUOTE', 'PRE'])
const SCHEME = /^(https?:|mailto:|tel:)/i

/** Keeps what the allow-list has. The text is parsed apart: nothing in it runs or loads. */
export function cleanHtml(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  clean(page.body)
  paragraph(page.body)
  return page.body.innerHTML
}

/** Editing commands leave bare text beside blocks, and blocks in paragraphs: neither is a document. */
function paragraph(body: Element): void {
  for (const one of body.querySelectorAll('p')) if ([...one.children].some((inner) => BLOCKS.has(inner.tagName))) one.replaceWith(...one.childNodes)
  let open: Element | null = null
  for (const node of [...body.childNodes]) {
    if (node instanceof Element && BLOCKS.has(node.tagName)) open = null
    else if (open) open.append(node)
    else if (node.textContent?.trim()) {
      open = body.ownerDocument.createElement('p')
      node.replaceWith(open)
      open.append(node)
    }
  }
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
