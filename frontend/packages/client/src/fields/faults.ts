import type { FieldError } from '../api/problems'
import type { ModelField } from './schema'
import { type FormPicture, type FormValue, type FormValues, fromForm, isEmpty } from './values'

export type FaultCode = 'required' | 'too_short' | 'too_long' | 'too_small' | 'too_large' | 'not_whole' | 'not_a_number' | 'not_a_link' | 'too_few' | 'too_many' | 'not_uploaded' | 'wrong'

/** What is wrong with one field, and the limit it does not keep. */
export interface Fault {
  code: FaultCode
  limit: number
}

/** By pointer (RFC 6901) of the field. */
export type Faults = Record<string, Fault>

const LINK = /^https?:\/\/\S+$/

/** What the server would refuse, as far as it can be told without it. `under` is where the fields stand. */
export function checkForm(fields: readonly ModelField[], form: Readonly<FormValues>, under = ''): Faults {
  const stored = fromForm(fields, form)
  const faults: Faults = {}
  for (const field of fields) {
    const fault = checkField(field, stored[field.key], form[field.key] ?? null)
    if (fault) faults[`${under}/${field.key}`] = fault
  }
  return faults
}

function checkField(field: ModelField, stored: unknown, typed: FormValue): Fault | null {
  const { schema, control } = field
  if ((control === 'picture' || control === 'pictures') && Array.isArray(typed) && typed.some((one) => !(one as FormPicture).key)) return fault('not_uploaded')
  if (isEmpty(stored)) return field.required && control !== 'unknown' ? fault('required') : null
  if (control === 'number') return checkNumber(field, stored)
  if (typeof stored === 'string') {
    const length = Array.from(stored).length
    if (schema.maxLength !== undefined && length > schema.maxLength) return fault('too_long', schema.maxLength)
    if (schema.minLength !== undefined && length < schema.minLength) return fault('too_short', schema.minLength)
    if (schema.kaibo?.type === 'url' && !LINK.test(stored)) return fault('not_a_link')
    if (schema.kaibo?.type === 'phone' && schema.pattern && !new RegExp(schema.pattern, 'u').test(stored)) return fault('wrong')
  }
  if (Array.isArray(stored)) {
    if (schema.maxItems !== undefined && stored.length > schema.maxItems) return fault('too_many', schema.maxItems)
    if (schema.minItems !== undefined && stored.length < schema.minItems) return fault('too_few', schema.minItems)
  }
  return null
}

function checkNumber({ schema }: ModelField, stored: unknown): Fault | null {
  if (typeof stored !== 'number') return fault('not_a_number')
  if (schema.kaibo?.type === 'integer' && !Number.isInteger(stored)) return fault('not_whole')
  if (schema.minimum !== undefined && stored < schema.minimum) return fault('too_small', schema.minimum)
  if (schema.maximum !== undefined && stored > schema.maximum) return fault('too_large', schema.maximum)
  return null
}

const fault = (code: FaultCode, limit = 0): Fault => ({ code, limit })

const LIMITS: [RegExp, FaultCode][] = [
  [/^at most (-?[\d.]+) characters$/, 'too_long'],
  [/^at least (-?[\d.]+) characters$/, 'too_short'],
  [/^at most (-?[\d.]+) items$/, 'too_many'],
  [/^at least (-?[\d.]+) items$/, 'too_few'],
  [/^at most (-?[\d.]+)$/, 'too_large'],
  [/^at least (-?[\d.]+)$/, 'too_small'],
]

/** The server's errors at the fields they are of: what is wrong inside a list is told at the list. */
export function faultsFrom(errors: readonly FieldError[], fields: readonly ModelField[], under = ''): Faults {
  const faults: Faults = {}
  for (const { pointer, expected } of errors) {
    const field = fields.find(({ key }) => pointer === `${under}/${key}` || pointer.startsWith(`${under}/${key}/`))
    if (field) faults[`${under}/${field.key}`] ??= said(expected ?? '')
  }
  return faults
}

function said(expected: string): Fault {
  if (expected === 'a value' || expected === 'a text' || expected === 'at least one picture') return fault('required')
  for (const [pattern, code] of LIMITS) {
    const found = pattern.exec(expected)
    if (found) return fault(code, Number(found[1]))
  }
  return fault('wrong')
}
