/** Models and forms as the server tells them: JSON Schema in our vocabulary (docs/content-models.md, docs/forms.md). */
import type { Locale } from '@kaibo/client'

export const FIELD_TYPES = [
  'text', 'rich_text', 'integer', 'number', 'boolean', 'date', 'time', 'choice', 'choices', 'url',
  'image', 'video', 'file', 'product', 'store', 'creator', 'tag_category', 'geo_point', 'list', 'group',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

/** What only our own forms ask for, and one control draws. */
export const FORM_KINDS = [
  'moment', 'money', 'account', 'room', 'program', 'business', 'category', 'phone', 'password', 'stars', 'roles', 'cast', 'scopes',
] as const
/** An `amount` stands in the grid of variants, which draws it itself. */
export type FormKind = (typeof FORM_KINDS)[number] | 'amount'

export interface Said {
  zh: string
  en: string
}

export interface FieldNote {
  id?: string
  type: FieldType
  label?: Said
  help?: Said
  unit?: string
  searchable?: boolean
  filterable?: boolean
  listed?: boolean
  personal?: boolean
  choices?: Record<string, Said>
  category?: string
}

/** What forms say beyond that of their fields. */
export interface FormNote extends Omit<FieldNote, 'type' | 'unit'> {
  type: FieldType | FormKind
  unit?: string | Said
  placeholder?: Said
  prefix?: string
  /** What the browser may fill in. */
  autofill?: string
  /** What is said where the pattern does not fit. */
  wrong?: Said
  /** What each choice means. */
  means?: Record<string, Said>
  /** Numbers that are offered; no other is asked for. */
  suggests?: number[]
  group?: string
  /** Only when it is made, or only afterwards. */
  given?: 'once' | 'later'
  /** Written on the document itself, in no draft. */
  aside?: boolean
  half?: boolean
  rows?: boolean
  role?: string
  coming?: boolean
}

/** A field, or what a list holds; which keywords it has follows from its type. */
export interface FieldSchema<Note = FieldNote> {
  kaibo: Note
  type?: string
  minLength?: number
  maxLength?: number
  pattern?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  enum?: string[]
  /** Of a list: what it holds. Of several choices: `{type, enum}`. */
  items?: FieldSchema<Note>
  properties?: Record<string, FieldSchema<Note>>
  required?: string[]
  default?: unknown
  [keyword: string]: unknown
}

/** A field of a form: a model's are some of them. */
export type FormField = FieldSchema<FormNote>
export type Fields = Record<string, FieldSchema>

export interface ModelSchema {
  $schema: string
  type: 'object'
  properties: Fields
  required: string[]
  additionalProperties: false
  [keyword: string]: unknown
}

export interface FormSchema extends Omit<ModelSchema, 'properties'> {
  properties: Record<string, FormField>
  kaibo?: { groups?: Record<string, Said> }
}

export type Values = Record<string, unknown>

/** Whatever has fields: a model, a group. */
export interface Holder<Note = FormNote> {
  properties?: Record<string, FieldSchema<Note>>
  required?: string[]
}

export const said = (text: Said | undefined, locale: Locale, fallback = ''): string => (locale === 'en' ? text?.en : text?.zh) || text?.zh || fallback

export const labelOf = (key: string, field: FormField, locale: Locale): string => said(field.kaibo.label, locale, key)

/** The choices of a field, named; of texts in a list, what is suggested. */
export function choicesOf(field: FormField, locale: Locale): { value: string; text: string }[] {
  const values = (field.kaibo.type === 'choices' ? field.items?.enum : field.enum) ?? Object.keys(field.kaibo.choices ?? {})
  return values.map((value) => ({ value, text: said(field.kaibo.choices?.[value], locale, value) }))
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** Some of the fields, in this order. */
export function partOf({ properties = {}, required = [] }: Holder, keys: string[]): Holder {
  const held = keys.filter((key) => key in properties)
  return { properties: Object.fromEntries(held.map((key) => [key, properties[key]!])), required: required.filter((key) => held.includes(key)) }
}

/** All fields but some. */
export const without = (holder: Holder, keys: string[]): Holder => partOf(holder, Object.keys(holder.properties ?? {}).filter((key) => !keys.includes(key)))

/** The fields that drafts hold too. */
export const drafted = (schema: Holder): Holder => having(schema, ({ aside }) => !aside)

/** The fields of which their note says so. */
export const having = (holder: Holder, is: (note: FormNote) => boolean): Holder => partOf(holder, keysIn(holder, is))
export const keysIn = (holder: Holder | null, is: (note: FormNote) => boolean): string[] =>
  Object.entries(holder?.properties ?? {}).flatMap(([key, { kaibo }]) => (is(kaibo) ? [key] : []))

/** The values with one of them changed; an empty one is taken out. */
export function withValue(values: Values, key: string, value: unknown): Values {
  if (!isEmpty(value)) return { ...values, [key]: value }
  const { [key]: _gone, ...others } = values
  return others
}

/** What a new document begins with: the defaults, at every level, and an answer to every question that needs one. */
export function beginning(holder: Holder): Values {
  const values: Values = {}
  for (const [key, field] of Object.entries(holder.properties ?? {})) {
    const needed = holder.required?.includes(key)
    if (field.default !== undefined) values[key] = field.default
    else if (field.kaibo.type === 'boolean' && needed) values[key] = false
    else if (field.kaibo.type === 'group' && needed) values[key] = beginning(field)
  }
  return values
}

export interface Wrong {
  /** Pointer without its first slash. */
  place: string
  field: FormField
  why: 'required' | 'number' | 'pattern' | 'minLength' | 'minimum' | 'maximum'
}

/** What of the values can't be right: missing, no number, out of bounds, not of the form that is asked for. */
export function wrongIn(holder: Holder, values: Values, at = ''): Wrong[] {
  return Object.entries(holder.properties ?? {}).flatMap(([key, field]): Wrong[] => {
    const place = at ? `${at}/${key}` : key
    const value = values[key]
    if (isEmpty(value)) return holder.required?.includes(key) ? [{ place, field, why: 'required' }] : []
    const why = whyWrong(field, value)
    if (why) return [{ place, field, why }]
    if (field.kaibo.type === 'group') return wrongIn(field, value as Values, place)
    if (field.kaibo.type === 'list' && field.items?.kaibo.type === 'group') {
      return (value as Values[]).flatMap((one, row) => wrongIn(field.items!, one, `${place}/${row}`))
    }
    return []
  })
}

function whyWrong(field: FormField, value: unknown): Wrong['why'] | undefined {
  if (NUMBERS.has(field.kaibo.type)) {
    if (typeof value !== 'number') return 'number'
    if (field.minimum !== undefined && value < field.minimum) return 'minimum'
    return field.maximum !== undefined && value > field.maximum ? 'maximum' : undefined
  }
  if (typeof value !== 'string') return undefined
  if (READ.has(field.kaibo.type)) return 'pattern'
  if (!TYPED.has(field.kaibo.type)) return undefined
  if (field.pattern && !new RegExp(field.pattern, 'u').test(value)) return 'pattern'
  return field.minLength && [...value].length < field.minLength ? 'minLength' : undefined
}

const NUMBERS = new Set<string>(['integer', 'number', 'moment', 'stars'])

/** What is read from what is typed: what is still a text could not be. */
const READ = new Set<string>(['money', 'geo_point'])

/** What people type and not choose: only there a pattern can fail. */
const TYPED = new Set<string>(['text', 'phone', 'password', 'time', 'url'])

/** A value as it goes over the wire: texts without blanks around them, rows without anything in them left out. */
export function wired(field: FormField, value: unknown): unknown {
  if (typeof value === 'string') return field.kaibo.type === 'password' ? value : value.trim()
  if (Array.isArray(value)) return value.map((one) => (field.items ? wired(field.items, one) : one)).filter((one) => !isEmpty(one) && !isBlank(one))
  if (field.kaibo.type === 'group' && value) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, field.properties?.[key] ? wired(field.properties[key], one) : one] as const).filter(([, one]) => !isEmpty(one)))
  return value
}

const isBlank = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.values(value).every((one) => isEmpty(one) || one === 0)

/** What was emptied, as its type has it. */
export const emptied = (field: FormField): unknown => ({ array: [], boolean: false, string: '' })[field.type ?? ''] ?? null
