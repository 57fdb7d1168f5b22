// #ifdef H5
export interface RichWriter {
  heading: () => void
  bold: () => void
}

interface Given {
  html: string
  label: string
  hint: string
  changed: (html: string) => void
  /** What the text at the caret is: `heading`, `bold`. */
  marked: (now: string[]) => void
}

/** What a browser makes of a text, told in tags the server keeps; all else is only its words. */
const KEPT: Record<string, string> = { P: 'p', DIV: 'p', H1: 'h2', H2: 'h2', H3: 'h3', H4: 'h4', B: 'strong', STRONG: 'strong', I: 'em', EM: 'em', U: 'u', UL: 'ul', OL: 'ol', LI: 'li', BLOCKQUOTE: 'blockquote', A: 'a' }

/** Lets somebody write into `host`: paragraphs, headings, bold. What is pasted comes as words alone. */
export function writeRich(host: HTMLElement, { html, label, hint, changed, marked }: Given): RichWriter {
  const paper = document.createElement('div')
  paper.className = 'writing'
  paper.contentEditable = 'true'
  paper.dataset.hint = hint
  paper.setAttribute('role', 'textbox')
  paper.setAttribute('aria-multiline', 'true')
  paper.setAttribute('aria-label', label)
  const kept = new DOMParser().parseFromString(html, 'text/html').body
  paper.innerHTML = written(kept) || '<p><br></p>'
  host.appendChild(paper)
  document.execCommand('defaultParagraphSeparator', false, 'p')

  const look = (): void => {
    if (!paper.contains(document.getSelection()?.anchorNode ?? null)) return
    const block = document.queryCommandValue('formatBlock').toLowerCase()
    marked([...(block.startsWith('h') ? ['heading'] : []), ...(document.queryCommandState('bold') ? ['bold'] : [])])
  }
  const tell = (): void => {
    paper.classList.toggle('writing--blank', !paper.textContent?.trim() && paper.children.length < 2)
    changed(written(paper))
  }
  paper.addEventListener('input', tell)
  paper.addEventListener('keyup', look)
  paper.addEventListener('pointerup', look)
  paper.addEventListener('paste', (event) => {
    event.preventDefault()
    const text = event.clipboardData?.getData('text/plain') ?? ''
    document.execCommand('insertText', false, text)
  })
  paper.addEventListener('drop', (event) => event.preventDefault())
  paper.classList.toggle('writing--blank', !paper.textContent?.trim())

  const format = (command: string, value?: string): void => {
    paper.focus()
    document.execCommand(command, false, value)
    look()
    tell()
  }
  return {
    heading: () => format('formatBlock', document.queryCommandValue('formatBlock').toLowerCase().startsWith('h') ? 'p' : 'h2'),
    bold: () => format('bold'),
  }
}

/** Writes what is inside a node, in the tags that are kept. */
function written(node: Node): string {
  return Array.from(node.childNodes, (one) => {
    if (one.nodeType === Node.TEXT_NODE) return escaped(one.textContent ?? '')
    if (!(one instanceof Element)) return ''
    if (one.tagName === 'BR') return '<br>'
    const inner = written(one)
    const tag = KEPT[one.tagName]
    if (!tag || (!inner && tag !== 'p')) return inner
    const href = tag === 'a' ? one.getAttribute('href') : null
    return `<${tag}${href && /^(https?|mailto|tel):/.test(href) ? ` href="${escaped(href)}"` : ''}>${inner}</${tag}>`
  }).join('')
}

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
// #endif
