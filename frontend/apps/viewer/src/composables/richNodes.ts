/** How the tags of an article look: a mini-program's rich text takes styles from nowhere but its nodes. */
const STYLES: Record<string, string> = {
  p: 'margin:0 0 1em',
  h2: 'margin:1.5em 0 .5em;font-size:1.22em;font-weight:700;line-height:1.4',
  h3: 'margin:1.3em 0 .4em;font-size:1.08em;font-weight:700;line-height:1.4',
  h4: 'margin:1.2em 0 .4em;font-size:1em;font-weight:700',
  ul: 'margin:0 0 1em;padding-left:1.2em;list-style:disc',
  ol: 'margin:0 0 1em;padding-left:1.4em;list-style:decimal',
  li: 'margin:.25em 0;display:list-item',
  blockquote: 'margin:1.2em 0;padding:.1em 0 .1em 1em;border-left:3px solid #ff5a36;color:#5c5f68',
  pre: 'margin:0 0 1em;padding:.8em 1em;border-radius:8px;background:#f6ede6;white-space:pre-wrap;font-size:.9em',
  a: 'color:#c43a1c;text-decoration:underline',
}
const OPENING = new RegExp(`<(${Object.keys(STYLES).join('|')})(?=[\\s>])`, 'g')

/** An article's text as nodes that look the same everywhere. The server has cleaned it. */
export const richNodes = (html: string): string => html.replace(OPENING, (_, tag: string) => `<${tag} style="${STYLES[tag]}"`)
