import { randomId } from '../random'
import type { ModelField } from './schema'

/** A picture in a form. It is not uploaded while it has no key. */
export interface FormPicture {
  id: string
  key: string
  caption: string
}

/** What a form holds, by field: as typed, so that a number may be text that is none yet. */
export type FormValue = string | number | boolean | string[] | FormPicture[] | null
export type FormValues = Record<string, FormValue>

export const newPicture = (key = '', caption = ''): FormPicture => ({ id: randomId().slice(0, 12), key, caption })

/** Puts stored values into a form; what a field can't hold is left out. */
export function toForm(fields: readonly ModelField[], values: Readonly<Record<string, unknown>>): FormValues {
  const form: FormValues = {}
  for (const field of fields) {
    const value = values[field.key] ?? field.schema.default
    const held = value === undefined ? null : holdable(field, value)
    if (held !== null) form[field.key] = held
  }
  return form
}

function holdable(field: ModelField, value: unknown): FormValue {
  switch (field.control) {
    case 'picture':
      return typeof value === 'string' && value ? [newPicture(value)] : null
    case 'pictures':
      return Array.isArray(value) ? value.map((one) => pictureOf(field, one)) : null
    case 'choices':
      return Array.isArray(value) ? value.map(String) : null
    case 'switch':
      return typeof value === 'boolean' ? value : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'unknown':
      return null
    default:
      return typeof value === 'string' ? value : null
  }
}

function pictureOf({ parts }: ModelField, value: unknown): FormPicture {
  if (!parts || typeof value !== 'object' || value === null) return newPicture(String(value ?? ''))
  const held = value as Record<string, unknown>
  return newPicture(String(held[parts.image] ?? ''), parts.text ? String(held[parts.text] ?? '') : '')
}

/** What a form says, as it is stored: empty fields are left out, texts trimmed. */
export function fromForm(fields: readonly ModelField[], form: Readonly<FormValues>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    if (field.control === 'unknown') continue
    const value = storedOf(field, form[field.key] ?? null)
    if (!isEmpty(value)) values[field.key] = value
  }
  return values
}

function storedOf(field: ModelField, value: FormValue): unknown {
  if (field.control === 'picture') return (value as FormPicture[] | null)?.[0]?.key ?? ''
  if (field.control === 'pictures') return ((value as FormPicture[] | null) ?? []).filter(({ key }) => key).map((one) => storedPicture(field, one))
  if (field.control === 'switch') return value ?? (field.required ? false : null)
  if (field.control === 'rich') return hasWords(String(value ?? '')) ? value : ''
  if (typeof value !== 'string') return value
  return field.control === 'number' ? numberIn(value.trim()) : value.trim()
}

/** A number that is typed; what is none stays as it is. */
const numberIn = (typed: string): string | number => (typed && Number.isFinite(Number(typed)) ? Number(typed) : typed)

function storedPicture({ parts }: ModelField, { key, caption }: FormPicture): unknown {
  if (!parts) return key
  return parts.text && caption.trim() ? { [parts.image]: key, [parts.text]: caption.trim() } : { [parts.image]: key }
}

export const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && !value.length)

/** Whether there is anything to read in HTML. */
export const hasWords = (html: string): boolean =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;|[\s\u200b]/g, '')
    .length > 0
