/** Fields as models tell them (docs/content-models.md), read for a form. */
export interface Said {
  zh: string
  en: string
}

export interface FieldSchema {
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  pattern?: string
  enum?: string[]
  default?: unknown
  items?: FieldSchema
  properties?: Record<string, FieldSchema>
  required?: string[]
  kaibo?: { type: string; label?: Said; help?: Said; unit?: string; choices?: Record<string, Said>; personal?: boolean; wrong?: Said; placeholder?: Said }
}

export interface ModelSchema {
  properties?: Record<string, FieldSchema>
  required?: string[]
}

/** What a field is filled in with. `unknown`: nothing here can, and whoever asks is told so. */
export type Control = 'line' | 'lines' | 'rich' | 'number' | 'switch' | 'choice' | 'choices' | 'date' | 'time' | 'picture' | 'pictures' | 'unknown'

export interface ModelField {
  key: string
  label: Said
  help: Said | null
  unit: string
  required: boolean
  personal: boolean
  control: Control
  choices: { value: string; label: Said }[]
  schema: FieldSchema
  /** Of pictures with captions: the names under which a picture and its caption stand. */
  parts: { image: string; text: string } | null
}

/** A text that may be longer is written on several lines. */
const LINE = 100

const CONTROLS: Record<string, Control> = {
  rich_text: 'rich',
  integer: 'number',
  number: 'number',
  boolean: 'switch',
  date: 'date',
  time: 'time',
  choice: 'choice',
  choices: 'choices',
  url: 'line',
  phone: 'line',
  image: 'picture',
}

/** The fields of a model, in its order. */
export function readFields(model: ModelSchema | null | undefined): ModelField[] {
  const required = new Set(model?.required ?? [])
  return Object.entries(model?.properties ?? {}).map(([key, schema]) => readField(key, schema, required.has(key)))
}

function readField(key: string, schema: FieldSchema, required: boolean): ModelField {
  const note = schema.kaibo
  const parts = partsOf(schema)
  return {
    key,
    label: note?.label ?? { zh: key, en: key },
    help: note?.help ?? null,
    unit: note?.unit ?? '',
    required,
    personal: note?.personal ?? false,
    control: controlOf(schema, parts !== null),
    choices: (schema.enum ?? schema.items?.enum ?? []).map((value) => ({ value, label: note?.choices?.[value] ?? { zh: value, en: value } })),
    schema,
    parts,
  }
}

function controlOf(schema: FieldSchema, captioned: boolean): Control {
  const kind = schema.kaibo?.type ?? ''
  if (kind === 'text') return (schema.maxLength ?? 0) > LINE ? 'lines' : 'line'
  if (kind === 'list') return captioned || schema.items?.kaibo?.type === 'image' ? 'pictures' : 'unknown'
  return CONTROLS[kind] ?? 'unknown'
}

/** A list of groups that hold a picture, and at most a text beside it. */
function partsOf(schema: FieldSchema): ModelField['parts'] {
  if (schema.kaibo?.type !== 'list' || schema.items?.kaibo?.type !== 'group') return null
  const held = Object.entries(schema.items.properties ?? {})
  const image = held.filter(([, one]) => one.kaibo?.type === 'image')
  const text = held.filter(([, one]) => one.kaibo?.type === 'text')
  if (image.length !== 1 || text.length > 1 || held.length !== image.length + text.length) return null
  return { image: image[0]![0], text: text[0]?.[0] ?? '' }
}
