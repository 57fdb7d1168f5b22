/** Models as the server tells them: JSON Schema in our vocabulary (docs/content-models.md). */
import type { Locale } from '@kaibo/client'

export const FIELD_TYPES = [
  'text', 'rich_text', 'integer', 'number', 'boolean', 'date', 'time', 'choice', 'choices', 'url',
  'image', 'video', 'file', 'product', 'store', 'creator', 'tag_category', 'geo_point', 'list', 'group',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

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
  /** Written on the document itself, in no draft. */
  aside?: boolean
}

/** A field, or what a list holds; which keywords it has follows from its type. */
export interface FieldSchema {
  kaibo: FieldNote
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
  items?: FieldSchema
  properties?: Fields
  required?: string[]
  default?: unknown
  [keyword: string]: unknown
}

export type Fields = Record<string, FieldSchema>

export interface ModelSchema {
  $schema: string
  type: 'object'
  properties: Fields
  required: string[]
  additionalProperties: false
  [keyword: string]: unknown
}

export type Values = Record<string, unknown>

/** Whatever has fields: a model, a group. */
export interface Holder {
  properties?: Fields
  required?: string[]
}

export const said = (text: Said | undefined, locale: Locale, fallback = ''): string => (locale === 'en' ? text?.en : text?.zh) || text?.zh || fallback

export const labelOf = (key: string, field: FieldSchema, locale: Locale): string => said(field.kaibo.label, locale, key)

/** The choices of a field, named; of texts in a list, what is suggested. */
export function choicesOf(field: FieldSchema, locale: Locale): { value: string; text: string }[] {
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
export const drafted = (schema: ModelSchema): ModelSchema => ({ ...schema, ...partOf(schema, Object.keys(schema.properties).filter((key) => !schema.properties[key]!.kaibo.aside)) }) as ModelSchema

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

/** Places (pointers without the first slash) of values that are missing, or not numbers. */
export function missingIn(holder: Holder, values: Values, at = ''): { place: string; why: 'required' | 'number' }[] {
  return Object.entries(holder.properties ?? {}).flatMap(([key, field]): { place: string; why: 'required' | 'number' }[] => {
    const place = at ? `${at}/${key}` : key
    const value = values[key]
    if (isEmpty(value)) return holder.required?.includes(key) ? [{ place, why: 'required' }] : []
    const { type } = field.kaibo
    if ((type === 'integer' || type === 'number') && typeof value !== 'number') return [{ place, why: 'number' }]
    if (type === 'group') return missingIn(field, value as Values, place)
    if (type === 'list' && field.items?.kaibo.type === 'group') {
      return (value as Values[]).flatMap((one, row) => missingIn(field.items!, one, `${place}/${row}`))
    }
    return []
  })
}
