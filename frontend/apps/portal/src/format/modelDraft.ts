/** A draft being worked on: every change gives a new draft. Paths are the keys that lead to a field. */
import { FIELD_TYPES, type FieldNote, type FieldSchema, type FieldType, type Fields, type Holder, type ModelSchema } from './modelSchema'

export type FieldPath = string[]

/** A line of the list of fields: those in groups stand below their group. */
export interface FieldRow {
  path: FieldPath
  key: string
  field: FieldSchema
  required: boolean
  depth: number
  /** Whether fields can be put into it. */
  holds: boolean
}

/** What a list can hold. */
export const ITEM_TYPES = FIELD_TYPES.filter((type) => !['rich_text', 'boolean', 'choices', 'list'].includes(type))

/** What a type needs beyond what follows from it (the server puts that in). */
export function leastOf(type: FieldType): Record<string, unknown> {
  switch (type) {
    case 'text':
      return { maxLength: 100 }
    case 'rich_text':
      return { maxLength: 10_000 }
    case 'choice':
      return { enum: ['a', 'b'] }
    case 'choices':
      return { items: { type: 'string', enum: ['a', 'b'] }, maxItems: 10 }
    case 'list':
      return { items: { maxLength: 40, kaibo: { type: 'text' } }, maxItems: 10 }
    case 'group':
      return { properties: {}, required: [] }
    default:
      return {}
  }
}

/** The flags a type can have. */
export const flagsOf = (type: FieldType, path: FieldPath): ('filterable' | 'searchable' | 'listed' | 'personal')[] => {
  const filtered = path.length === 1 && !['rich_text', 'url', 'image', 'video', 'file', 'geo_point', 'group'].includes(type)
  const searched = type === 'text' || type === 'rich_text' || type === 'list'
  return [...(filtered ? (['filterable'] as const) : []), ...(searched ? (['searchable'] as const) : []), 'listed', 'personal']
}

/** Where the fields in a field are: in a group itself, or in what a list holds. */
const holderIn = (field: FieldSchema): FieldSchema | undefined =>
  field.kaibo.type === 'group' ? field : field.kaibo.type === 'list' && field.items?.kaibo?.type === 'group' ? field.items : undefined

export function rowsOf(holder: Holder<FieldNote>, above: FieldPath = []): FieldRow[] {
  return Object.entries(holder.properties ?? {}).flatMap(([key, field]) => {
    const path = [...above, key]
    const inner = holderIn(field)
    const row = { path, key, field, required: holder.required?.includes(key) ?? false, depth: above.length, holds: inner !== undefined }
    return inner ? [row, ...rowsOf(inner, path)] : [row]
  })
}

export function fieldAt(draft: Holder<FieldNote>, path: FieldPath): FieldSchema | undefined {
  const [key, ...rest] = path
  const field = key === undefined ? undefined : draft.properties?.[key]
  if (!field || !rest.length) return field
  const inner = holderIn(field)
  return inner && fieldAt(inner, rest)
}

/** The draft with one of its holders (the draft itself, a group, what a list holds) made anew. */
function within<H extends Holder<FieldNote>>(holder: H, path: FieldPath, change: (holder: Holder<FieldNote>) => Holder<FieldNote>): H {
  const [key, ...rest] = path
  if (key === undefined) return { ...holder, ...change(holder) }
  const field = holder.properties![key]!
  const made = field.kaibo.type === 'list' ? { ...field, items: within(field.items!, rest, change) } : within(field, rest, change)
  return { ...holder, properties: { ...holder.properties, [key]: made } }
}

const parentOf = (path: FieldPath): FieldPath => path.slice(0, -1)
const keyOf = (path: FieldPath): string => path.at(-1)!

export function changeField(draft: ModelSchema, path: FieldPath, change: (field: FieldSchema) => FieldSchema): ModelSchema {
  return within(draft, parentOf(path), (holder) => ({ properties: { ...holder.properties, [keyOf(path)]: change(holder.properties![keyOf(path)]!) } }))
}

/** A new field at the end, under a key that is free. */
export function addField(draft: ModelSchema, into: FieldPath, type: FieldType, label: FieldNote['label']): { draft: ModelSchema; path: FieldPath } {
  let key = ''
  const made = within(draft, into, (holder) => {
    key = freeKey(type, holder.properties ?? {})
    return { properties: { ...holder.properties, [key]: { ...leastOf(type), kaibo: { type, label } } } }
  })
  return { draft: made, path: [...into, key] }
}

function freeKey(wanted: string, taken: Fields): string {
  let number = 1
  let key = wanted
  while (key in taken) key = `${wanted}_${++number}`
  return key
}

export function removeField(draft: ModelSchema, path: FieldPath): ModelSchema {
  return within(draft, parentOf(path), ({ properties, required }) => {
    const { [keyOf(path)]: _gone, ...others } = properties!
    return { properties: others, required: (required ?? []).filter((key) => key !== keyOf(path)) }
  })
}

/** The field at another place among its neighbours. */
export function placeField(draft: ModelSchema, path: FieldPath, place: number): ModelSchema {
  return within(draft, parentOf(path), ({ properties }) => {
    const entries = Object.entries(properties!)
    const from = entries.findIndex(([key]) => key === keyOf(path))
    const [moved] = entries.splice(from, 1)
    entries.splice(Math.max(0, Math.min(place, entries.length)), 0, moved!)
    return { properties: Object.fromEntries(entries) }
  })
}

export function placeOfField(draft: ModelSchema, path: FieldPath): number {
  const parent = parentOf(path)
  const holder = parent.length ? holderIn(fieldAt(draft, parent)!) : draft
  return Object.keys(holder?.properties ?? {}).indexOf(keyOf(path))
}

export const KEY = /^[a-z][a-z0-9_]{0,39}$/

/** The field under another key; its id, and so its values, stay. Undefined when the key is taken or won't do. */
export function renameField(draft: ModelSchema, path: FieldPath, key: string): { draft: ModelSchema; path: FieldPath } | undefined {
  const old = keyOf(path)
  let fine = KEY.test(key)
  const made = within(draft, parentOf(path), ({ properties, required }) => {
    fine = fine && (key === old || !(key in properties!))
    if (!fine) return {}
    return {
      properties: Object.fromEntries(Object.entries(properties!).map(([name, field]) => [name === old ? key : name, field])),
      required: (required ?? []).map((name) => (name === old ? key : name)),
    }
  })
  return fine ? { draft: made, path: [...parentOf(path), key] } : undefined
}

export function setRequired(draft: ModelSchema, path: FieldPath, needed: boolean): ModelSchema {
  return within(draft, parentOf(path), ({ required }) => {
    const others = (required ?? []).filter((key) => key !== keyOf(path))
    return { required: needed ? [...others, keyOf(path)] : others }
  })
}

/** Another type: what people said of the field stays, its limits begin anew. */
export const retype = (field: FieldSchema, type: FieldType): FieldSchema => {
  const { choices: _c, category: _t, unit, searchable: _s, filterable: _f, ...note } = field.kaibo
  const measured = type === 'integer' || type === 'number' || type === 'text'
  return { ...leastOf(type), kaibo: { ...note, ...(measured && unit ? { unit } : {}), type } } as FieldSchema
}

export function setNote(field: FieldSchema, patch: Partial<FieldNote>): FieldSchema {
  const kaibo = Object.fromEntries(Object.entries({ ...field.kaibo, ...patch }).filter(([, value]) => value !== undefined && value !== '' && value !== false))
  return { ...field, kaibo: kaibo as unknown as FieldNote }
}

export function setLimit(field: FieldSchema, name: string, value: unknown): FieldSchema {
  const { [name]: _was, ...others } = field
  return (value === undefined || value === '' ? others : { ...others, [name]: value }) as FieldSchema
}

/** Where a field stands in the document of the draft (RFC 6901). */
export function pointerTo(draft: Holder<FieldNote>, path: FieldPath): string {
  const [key, ...rest] = path
  if (key === undefined) return ''
  const field = draft.properties?.[key]
  const own = `/properties/${key}`
  if (!rest.length || !field) return own
  const inner = holderIn(field)
  return inner ? own + (field.kaibo.type === 'list' ? '/items' : '') + pointerTo(inner, rest) : own
}

/** What is said of a field itself, by what of it: `maxLength`, `kaibo/label/en`; what is in it speaks for itself. */
export function problemsAt<P extends { pointer: string }>(problems: readonly P[], draft: Holder<FieldNote>, path: FieldPath): Record<string, P> {
  const own = pointerTo(draft, path)
  const inner = [`${own}/properties/`, `${own}/items/properties/`]
  return Object.fromEntries(
    problems
      .filter(({ pointer }) => (pointer === own || pointer.startsWith(`${own}/`)) && !inner.some((one) => pointer.startsWith(one)))
      .map((problem) => [problem.pointer.slice(own.length + 1), problem]),
  )
}

/** The field with an id, wherever it stands. */
export const fieldWithId = (holder: Holder<FieldNote>, id: string): FieldRow | undefined => rowsOf(holder).find(({ key, field }) => (field.kaibo.id ?? key) === id)
