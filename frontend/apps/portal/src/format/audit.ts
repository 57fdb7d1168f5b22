import { formatMoney, type Money } from '@kaibo/client'
import { locale, t, tOr } from '@/i18n'
import { choicesOf, type FieldSchema, labelOf } from './modelSchema'
import { moment } from './moments'

export const nameOfAction = (action: string): string => tOr(`audit.action.${action}`, action)

/** A field of any document, called as its forms call it. */
export const nameOfField = (name: string): string => tOr(`audit.field.${name}`, name)

/** Keys and seals are nobody's to read, however old the entry is that has them. */
export const isSecret = (name: string): boolean => /(^|_)(hash|sealed)$/.test(name)

const namesIn = (before: object, after: object): string[] => [...new Set([...Object.keys(before), ...Object.keys(after)])]

/** What changed, by name. */
export const changedNames = ({ before, after }: { before: object; after: object }): string[] => namesIn(before, after).filter((name) => !isSecret(name))

type Fields = Record<string, FieldSchema>
type Held = Record<string, unknown>

/** What is known of the document a line is of. */
export interface Known {
  /** Its fields by their keys; a business's own stand in `ext`. */
  fields: Fields
  ext: Fields
  /** What it is, as `program`: where the words of its states are found. */
  noun: string
  /** What things are called, by their ids. */
  names: ReadonlyMap<string, string>
}

export const NOTHING_KNOWN: Known = { fields: {}, ext: {}, noun: '', names: new Map() }

export interface Line {
  /** Where it stands in the document, as `/options/0/name`. */
  pointer: string
  name: string
  key: string
  field: FieldSchema | undefined
  before: unknown
  after: unknown
}

/** Lines of a change, down to the single values that differ. What came or went as a whole is told as a whole. */
export function linesOf(change: { before?: Held; after?: Held }, known: Known = NOTHING_KNOWN): Line[] {
  const before = change.before ?? {}
  const after = change.after ?? {}
  return changedNames({ before, after }).flatMap((key) => within(before[key], after[key], { pointer: `/${key}`, names: [], key, field: known.fields[key] }, known))
}

interface Place {
  pointer: string
  names: string[]
  key: string
  field: FieldSchema | undefined
}

function within(before: unknown, after: unknown, { pointer, names, key, field }: Place, known: Known): Line[] {
  const own = key === 'ext'
  const told = own ? names : [...names, field ? labelOf(key, field, locale.value) : nameOfField(key)]
  const inside = (part: string, was: unknown, now: unknown, of: FieldSchema | undefined): Line[] =>
    same(was, now) ? [] : within(was, now, { pointer: `${pointer}/${part}`, names: told, key: part, field: of }, known)

  if (own || (isHolder(before) && isHolder(after))) {
    const [was, now] = [(before ?? {}) as Held, (after ?? {}) as Held]
    // Of a draft, the face is the document itself.
    const fields = own ? known.ext : key === 'face' ? known.fields : field?.properties
    return namesIn(was, now)
      .filter((part) => own || !isSecret(part))
      .flatMap((part) => inside(part, was[part], now[part], fields?.[part]))
  }
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isHolder)) {
    return pairs(before as Held[], after as Held[]).flatMap(({ place, was, now }) => {
      const line = { pointer: `${pointer}/${place}`, names: [...told, t('audit.item', { n: place + 1 })], field: field?.items }
      if (was && now) return namesIn(was, now).flatMap((part) => (same(was[part], now[part]) ? [] : within(was[part], now[part], { ...line, pointer: `${line.pointer}/${part}`, key: part, field: field?.items?.properties?.[part] }, known)))
      return [{ pointer: line.pointer, name: line.names.join(' › '), key, field: field?.items, before: was, after: now }]
    })
  }
  return [{ pointer, name: told.join(' › '), key, field, before, after }]
}

/** Items of two lists that are of one thing: by id where they have one, else by place. */
function pairs(before: Held[], after: Held[]): { place: number; was: Held | undefined; now: Held | undefined }[] {
  const named = [...before, ...after].every(({ id }) => typeof id === 'string')
  const was = (now: Held, place: number): Held | undefined => (named ? before.find(({ id }) => id === now.id) : before[place])
  const kept = after.map((now, place) => ({ place, was: was(now, place), now }))
  const gone = before.flatMap((one, place) => ((named ? after.some(({ id }) => id === one.id) : place < after.length) ? [] : [{ place, was: one, now: undefined }]))
  return [...kept, ...gone].filter((one) => !same(one.was, one.now))
}

/** Masked values look alike, and are different all the same. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other) && one !== '…'
const isMoney = (value: unknown): value is Money => typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value
const isPoint = (value: unknown): value is { lat: number; lon: number } => typeof value === 'object' && value !== null && 'lat' in value && 'lon' in value
const isHolder = (value: unknown): value is Held => typeof value === 'object' && value !== null && !Array.isArray(value) && !isMoney(value) && !isPoint(value)

const MOMENTS = /(^|_)(at|until)$/
/** Where the words of values are found whose field has no choices of its own. */
const WORDS: Record<string, string> = { roles: 'login.role', role: 'login.role', visibility: 'reach.visibility', end_reason: 'end', verdict: 'audit.verdict', layer: 'layer', recording: 'keep', channels: 'reach.channel', review: 'businesses.review', origin: 'audit.origin' }

/** What a value says to people. */
export function told(value: unknown, key: string, field: FieldSchema | undefined, known: Known): string {
  if (value === undefined || value === null || value === '') return t('audit.nothing')
  if (Array.isArray(value)) return value.length ? value.map((one) => told(one, key, field?.items ?? field, known)).join(value.some(isHolder) ? '\n' : t('list.and')) : t('audit.nothing')
  if (typeof value === 'boolean') return t(value ? 'library.yes' : 'library.no')
  if (isMoney(value)) return formatMoney(value)
  if (isPoint(value)) return `${value.lat}, ${value.lon}`
  if (isHolder(value)) return heldIn(value, field, known)
  const type = field?.kaibo?.type as string | undefined
  if (typeof value === 'number') {
    if (type === 'moment' || MOMENTS.test(key)) return value ? moment(value) : t('audit.nothing')
    if (type === 'amount' || key === 'surcharge') return formatMoney({ amount: value, currency: 'CNY' })
    return field?.kaibo?.unit ? `${value} ${field.kaibo.unit}` : String(value)
  }
  const text = String(value)
  if (type === 'rich_text') return text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
  const choice = field && choicesOf(field, locale.value).find((one) => one.value === text)
  return choice?.text ?? known.names.get(text) ?? tOr(`${WORDS[key] ?? `${known.noun}.${key}`}.${text}`, text)
}

/** What came or went as a whole: its values in one paragraph. */
function heldIn(value: Held, field: FieldSchema | undefined, known: Known): string {
  const parts = Object.entries(value).filter(([key, one]) => !isSecret(key) && key !== 'id' && one !== '' && one !== null && !(Array.isArray(one) && !one.length))
  return parts
    .map(([key, one]) => {
      const of = field?.properties?.[key] ?? (key in known.fields ? known.fields[key] : undefined)
      return t('list.pair', { name: of ? labelOf(key, of, locale.value) : nameOfField(key), value: told(one, key, of, known) })
    })
    .join(t('audit.semicolon'))
}
