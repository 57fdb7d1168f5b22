/** The parts of an OpenAPI 3.1 document that the reference shows, and what is worked out from them. Pure. */

export interface Schema {
  $ref?: string
  type?: string | string[]
  title?: string
  description?: string
  format?: string
  pattern?: string
  enum?: unknown[]
  const?: unknown
  default?: unknown
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  description?: string
  schema?: Schema
}

type Content = Record<string, { schema?: Schema }>

export interface Operation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { description: string; content?: Content }>
  security?: Record<string, unknown>[]
}

export interface ErrorCode {
  code: string
  status: number
  'zh-CN': string
  en: string
}

export interface Document {
  info: { title: string; version: string; description?: string }
  tags?: { name: string; description?: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
  'x-errors'?: ErrorCode[]
}

export interface Endpoint extends Operation {
  method: string
  path: string
}

export interface Group {
  name: string
  description: string
  endpoints: Endpoint[]
}

/** Operations under their first tag, in the document's order; groups without one are left out. */
export function groupsOf({ tags = [], paths }: Document): Group[] {
  const groups = new Map<string, Group>(tags.map(({ name, description = '' }) => [name, { name, description, endpoints: [] }]))
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const name = operation.tags?.[0] ?? ''
      if (!groups.has(name)) groups.set(name, { name, description: '', endpoints: [] })
      groups.get(name)?.endpoints.push({ ...operation, method: method.toUpperCase(), path })
    }
  }
  return [...groups.values()].filter(({ endpoints }) => endpoints.length)
}

export const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1)

export function resolve(schema: Schema, { components }: Document): Schema {
  return schema.$ref ? (components.schemas[nameOf(schema.$ref)] ?? {}) : schema
}

const variants = ({ anyOf, oneOf }: Schema): Schema[] | undefined => anyOf ?? oneOf

/** A type in a few words: `string`, `Money | null`, `Offer[]`, `map of string`. */
export function typeOf(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const some = variants(schema)
  if (some) return some.map(typeOf).join(' | ')
  if (Array.isArray(schema.type)) return schema.type.join(' | ')
  if (schema.type === 'array') return `${schema.items ? typeOf(schema.items) : 'any'}[]`
  if (schema.type === 'object' && typeof schema.additionalProperties === 'object') return `map of ${typeOf(schema.additionalProperties)}`
  return schema.type ?? 'any'
}

/** What a value is bound to: its length, range, pattern, choices and default. */
export function boundsOf(schema: Schema): string[] {
  const bounds: string[] = []
  const range = (low: number | undefined, high: number | undefined, unit = ''): void => {
    if (low !== undefined && high !== undefined) bounds.push(`${low}–${high}${unit}`)
    else if (low !== undefined) bounds.push(`≥ ${low}${unit}`)
    else if (high !== undefined) bounds.push(`≤ ${high}${unit}`)
  }
  range(schema.minimum, schema.maximum)
  range(schema.minLength, schema.maxLength, ' chars')
  range(schema.minItems, schema.maxItems, ' items')
  if (schema.pattern) bounds.push(schema.pattern)
  if (schema.enum) bounds.push(schema.enum.map(String).join(' · '))
  if (schema.default !== undefined && schema.default !== null && schema.default !== '') bounds.push(`default ${JSON.stringify(schema.default)}`)
  return bounds
}

export interface Field {
  name: string
  schema: Schema
  required: boolean
}

export function fieldsOf(schema: Schema, document: Document): Field[] {
  const { properties = {}, required = [] } = resolve(schema, document)
  return Object.entries(properties).map(([name, each]) => ({ name, schema: each, required: required.includes(name) }))
}

const DEEPEST = 6
const SOME_TIME = 1_795_330_800_000

/** An example of a value, from its schema alone. `name` helps it look like one. */
export function exampleOf(schema: Schema, document: Document, name = '', depth = 0): unknown {
  if (depth > DEEPEST) return null
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum[0]
  if (schema.$ref) return exampleOf(resolve(schema, document), document, name, depth + 1)
  const some = variants(schema)
  if (some) return exampleOf(some.find(({ type }) => type !== 'null') ?? {}, document, name, depth + 1)
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== 'null') : schema.type
  switch (type) {
    case 'object': {
      const fields = Object.entries(schema.properties ?? {})
      return Object.fromEntries(fields.map(([field, each]) => [field, exampleOf(each, document, field, depth + 1)]))
    }
    case 'array':
      return schema.items ? [exampleOf(schema.items, document, name, depth + 1)] : []
    case 'integer':
    case 'number':
      if (name.endsWith('_at')) return SOME_TIME
      return schema.default ?? schema.minimum ?? 0
    case 'boolean':
      return schema.default ?? false
    case 'string':
      return schema.default || exampleText(name, schema)
    default:
      return {}
  }
}

const TEXTS: Record<string, string> = { id: '…', title: '周五新品首发', name: '小满', login: 'clerk', password: 'clerk', currency: 'CNY', token: '…' }

function exampleText(name: string, { pattern }: Schema): string {
  if (TEXTS[name]) return TEXTS[name]
  return pattern?.includes('A-Z') ? 'CNY' : ''
}

/** The JSON schema of a body or of the successful answer, with its status. */
export const bodyOf = ({ requestBody }: Operation): Schema | undefined => requestBody?.content['application/json']?.schema

export function answerOf({ responses }: Operation): { status: string; schema?: Schema; mediaType?: string } {
  const status = Object.keys(responses).find((code) => /^[23]/.test(code)) ?? '200'
  const [mediaType, content] = Object.entries(responses[status]?.content ?? {})[0] ?? []
  return { status, schema: content?.schema, mediaType }
}

/** Codes a call may be refused with, from the descriptions of its failures. */
export function refusalsOf({ responses }: Operation): { status: string; codes: string[] }[] {
  return Object.entries(responses)
    .filter(([status]) => /^[45]/.test(status))
    .map(([status, { description }]) => ({
      status,
      codes: description.includes(':') ? description.slice(description.indexOf(':') + 1).split(',').map((code) => code.trim()) : [],
    }))
}

/** A call as one would type it. */
export function curlOf(endpoint: Endpoint, document: Document, origin: string): string {
  const needed = (endpoint.parameters ?? []).filter((parameter) => parameter.in === 'query' && parameter.required)
  const query = needed.map(({ name }) => `${name}=…`).join('&')
  const lines = [`curl ${endpoint.method === 'GET' ? '' : `-X ${endpoint.method} `}'${origin}${endpoint.path}${query ? `?${query}` : ''}'`]
  if (endpoint.security?.length) lines.push(`-H "Authorization: Bearer $TOKEN"`)
  for (const { name, in: where } of endpoint.parameters ?? []) {
    if (where === 'header' && name === 'Idempotency-Key') lines.push(`-H "Idempotency-Key: $(uuidgen)"`)
    if (where === 'header' && name === 'If-Match') lines.push(`-H 'If-Match: "1"'`)
  }
  const body = bodyOf(endpoint)
  const upload = Object.keys(endpoint.requestBody?.content ?? {}).find((type) => type.startsWith('image/'))
  if (body) lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(exampleOf(body, document), null, 2).replaceAll('\n', '\n  ')}'`)
  else if (upload) lines.push(`-H 'Content-Type: ${upload}'`, `--data-binary @picture.jpg`)
  return lines.join(' \\\n  ')
}
