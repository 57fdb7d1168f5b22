import { h, prose } from './dom'
import {
  answerOf,
  bodyOf,
  boundsOf,
  curlOf,
  type Document,
  type Endpoint,
  exampleOf,
  type Field,
  fieldsOf,
  groupsOf,
  nameOf,
  refusalsOf,
  resolve,
  type Schema,
  typeOf,
} from './openapi'
import type { Language, Texts } from './texts'

const DEEPEST = 3

export interface Shown {
  document: Document
  texts: Texts
  language: Language
  origin: string
  chooseLanguage: () => void
}

/** The whole reference: what is where on the left, words and calls beside their examples. */
export function drawPage(shown: Shown): HTMLElement {
  const { document, texts } = shown
  const groups = groupsOf(document)
  return h(
    'div',
    { class: 'page' },
    drawIndex(shown),
    h(
      'main',
      {},
      h('header', { class: 'lead' }, h('p', { class: 'version' }, `v${document.info.version} · OpenAPI 3.1`), h('h1', {}, texts.title), h('p', {}, texts.lead), h('p', {}, h('a', { href: '/openapi.json' }, 'openapi.json'))),
      ...texts.chapters.map(({ id, title, text, code }) =>
        h('section', { class: 'row', id }, h('div', { class: 'words' }, h('h2', {}, title), h('p', {}, ...prose(text))), code ? codeBox(code.replaceAll('{origin}', shown.origin), texts) : h('div')),
      ),
      ...groups.flatMap((group) => [
        h('header', { class: 'group', id: `tag-${group.name}` }, h('h2', {}, group.name), h('p', {}, group.description)),
        ...group.endpoints.map((endpoint) => drawEndpoint(endpoint, shown)),
      ]),
      drawErrors(shown),
    ),
  )
}

function drawIndex({ document, texts, chooseLanguage }: Shown): HTMLElement {
  const links: HTMLElement[] = []
  const link = (id: string, words: string, method = ''): HTMLElement => {
    const element = h('a', { href: `#${id}`, class: 'link', 'data-words': `${id} ${words} ${method}`.toLowerCase() }, method && h('span', { class: `method method--${method.toLowerCase()}` }, method), h('span', { class: 'link__words' }, words))
    links.push(element)
    return element
  }
  const groups = [
    h('div', { class: 'index__group' }, ...texts.chapters.map(({ id, title }) => link(id, title))),
    ...groupsOf(document).map(({ name, endpoints }) =>
      h('div', { class: 'index__group' }, h('a', { class: 'index__title', href: `#tag-${name}` }, name), ...endpoints.map(({ operationId, path, method }) => link(operationId, path.replace('/v1', ''), method))),
    ),
    h('div', { class: 'index__group' }, link('errors', texts.errors)),
  ]
  const nothing = h('p', { class: 'index__nothing', hidden: true }, texts.nothing)

  const search = (event: Event): void => {
    const wanted = (event.target as HTMLInputElement).value.trim().toLowerCase()
    for (const element of links) element.hidden = !element.dataset.words?.includes(wanted)
    for (const group of groups) group.hidden = !group.querySelector('.link:not([hidden])')
    nothing.hidden = groups.some((group) => !group.hidden)
  }

  return h(
    'nav',
    { class: 'index', 'aria-label': texts.reference },
    h('div', { class: 'brand' }, h('a', { href: '/', class: 'brand__name' }, h('span', { class: 'mark', 'aria-hidden': 'true' }), 'Kaibo API'), h('button', { type: 'button', class: 'plain', 'data-testid': 'locale', click: chooseLanguage }, texts.other)),
    h('input', { type: 'search', class: 'search', placeholder: `${texts.search}  /`, 'aria-label': texts.search, 'data-testid': 'search', input: search }),
    h('div', { class: 'index__links' }, ...groups, nothing),
  )
}

function drawEndpoint(endpoint: Endpoint, shown: Shown): HTMLElement {
  const { document, texts, origin } = shown
  const body = bodyOf(endpoint)
  const answer = answerOf(endpoint)
  const parameters = (endpoint.parameters ?? []).filter((parameter) => parameter.in !== 'header')
  const headers = (endpoint.parameters ?? []).filter((parameter) => parameter.in === 'header')
  const refusals = refusalsOf(endpoint)
  return h(
    'section',
    { class: 'row call', id: endpoint.operationId },
    h(
      'div',
      { class: 'words' },
      h('h3', {}, ...prose(endpoint.summary ?? endpoint.operationId)),
      h('p', { class: 'route' }, h('span', { class: `method method--${endpoint.method.toLowerCase()}` }, endpoint.method), h('code', {}, endpoint.path), !endpoint.security?.length && h('span', { class: 'public' }, texts.public)),
      endpoint.description ? h('p', { class: 'description' }, ...prose(endpoint.description)) : null,
      parameters.length || headers.length
        ? part(
            texts.parameters,
            ...[...parameters, ...headers].map(({ name, required = false, description, schema = {}, in: where }) =>
              fieldLine({ name, required, schema: { ...schema, description: description ?? schema.description } }, shown, where),
            ),
          )
        : null,
      body ? part(texts.body, ...drawFields(body, shown, 0)) : null,
      answer.schema ? part(`${texts.answer} ${answer.status}`, ...drawAnswer(answer.schema, shown)) : null,
      refusals.length
        ? part(texts.refusals, h('p', { class: 'codes' }, ...refusals.flatMap(({ status, codes }) => codes.map((code) => h('a', { class: 'code', href: `#${code}` }, h('b', {}, status), code)))))
        : null,
    ),
    h(
      'div',
      { class: 'examples' },
      codeBox(curlOf(endpoint, document, origin), texts, texts.request),
      answer.schema && answer.mediaType === 'application/json' ? codeBox(JSON.stringify(exampleOf(answer.schema, document), null, 2), texts, `${texts.answer} ${answer.status}`) : null,
    ),
  )
}

const part = (title: string, ...children: Node[]): HTMLElement => h('div', { class: 'part' }, h('h4', {}, title), ...children)

/** A list of something is told by what it lists; a text by its type. */
function drawAnswer(schema: Schema, shown: Shown): Node[] {
  const fields = drawFields(schema, shown, 0, true)
  return fields.length ? fields : [h('p', { class: 'field' }, h('span', { class: 'field__type' }, typeOf(schema)))]
}

/** `given`: an answer's fields are always there, so that none is called required. */
const drawFields = (schema: Schema, shown: Shown, depth: number, given = false): Node[] =>
  fieldsOf(schema, shown.document).map((field) => fieldLine(given ? { ...field, required: false } : field, shown, '', depth, given))

function fieldLine({ name, schema, required }: Field, shown: Shown, where = '', depth = 0, given = false): HTMLElement {
  const inner = innerOf(schema)
  const own = inner ? resolve(inner, shown.document) : null
  const words = schema.description ?? ''
  const line = h(
    'div',
    { class: 'field' },
    h('code', { class: 'field__name' }, name),
    h('span', { class: 'field__type' }, typeOf(schema), where && where !== 'query' ? ` · ${where}` : ''),
    required && h('span', { class: 'field__required' }, shown.texts.required),
    words ? h('p', { class: 'field__words' }, ...prose(words)) : null,
    ...[...boundsOf(own?.enum ? own : schema)].map((bound) => h('span', { class: 'field__bound' }, bound)),
  )
  if (!inner || !own?.properties || depth >= DEEPEST) return line
  const details = h('details', { class: 'inside' }, h('summary', {}, inner.$ref ? nameOf(inner.$ref) : name))
  // Drawn when it is opened: documents nest deeply.
  details.addEventListener('toggle', () => details.childElementCount > 1 || details.append(...drawFields(inner, shown, depth + 1, given)), { once: true })
  line.append(details)
  return line
}

/** The document a field holds, directly, as an alternative to null, or in a list. */
function innerOf(schema: Schema): Schema | undefined {
  if (schema.$ref) return schema
  if (schema.items) return innerOf(schema.items)
  return (schema.anyOf ?? schema.oneOf)?.map(innerOf).find(Boolean)
}

function codeBox(text: string, texts: Texts, title = ''): HTMLElement {
  const button = h('button', { type: 'button', class: 'copy' }, texts.copy)
  button.addEventListener('click', async () => {
    await navigator.clipboard?.writeText(text)
    button.textContent = texts.copied
    setTimeout(() => (button.textContent = texts.copy), 1_500)
  })
  return h('figure', { class: 'box' }, h('figcaption', {}, h('span', {}, title), button), h('pre', { tabindex: '0' }, h('code', {}, text)))
}

function drawErrors({ document, texts, language }: Shown): HTMLElement {
  const codes = document['x-errors'] ?? []
  return h(
    'section',
    { class: 'errors', id: 'errors' },
    h('h2', {}, texts.errors),
    h('p', {}, texts.errorsLead),
    h('table', {}, h('tbody', {}, ...codes.map((one) => h('tr', { id: one.code }, h('td', {}, h('code', {}, one.code)), h('td', { class: 'errors__status' }, String(one.status)), h('td', {}, one[language]))))),
  )
}
