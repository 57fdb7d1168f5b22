import { locale, t } from '@/i18n'

interface Texts {
  zh: string
  en: string
}

/** An extension field, as a published model tells of it. */
export interface Field {
  key: string
  id: string
  type: string
  label: Texts
  unit: string
  /** Values it may have, with what they are called. */
  choices: { value: string; label: Texts }[]
  listed: boolean
  filterable: boolean
}

interface Told {
  enum?: string[]
  items?: { enum?: string[] }
  kaibo?: { id?: string; type?: string; label?: Texts; unit?: string; choices?: Record<string, Texts>; listed?: boolean; filterable?: boolean }
}

/** Fields that have an order: the list can be sorted by them and cut to a range. */
const ORDERED = new Set(['integer', 'number', 'date', 'time'])

export const isOrdered = (field: Field): boolean => ORDERED.has(field.type)

/** Reads the fields out of a model's schema. */
export function fieldsOf(schema: Record<string, unknown>): Field[] {
  const properties = (schema.properties ?? {}) as Record<string, Told>
  return Object.entries(properties).map(([key, { kaibo = {}, ...rest }]) => ({
    key,
    id: kaibo.id ?? key,
    type: kaibo.type ?? 'text',
    label: kaibo.label ?? { zh: key, en: key },
    unit: kaibo.unit ?? '',
    choices: (rest.enum ?? rest.items?.enum ?? []).map((value) => ({ value, label: kaibo.choices?.[value] ?? { zh: value, en: value } })),
    listed: kaibo.listed ?? false,
    filterable: kaibo.filterable ?? false,
  }))
}

export const inWords = ({ zh, en }: Texts): string => (locale.value === 'en' ? en || zh : zh || en)

/** What a value of a field says, in one line. */
export function tell(field: Field, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return field.choices.length ? value.map((one) => choice(field, one)).join(t('list.and')) : t('library.items', { n: value.length })
  switch (field.type) {
    case 'boolean':
      return t(value ? 'library.yes' : 'library.no')
    case 'choice':
      return choice(field, value)
    case 'rich_text':
      return String(value).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim()
    case 'group':
      return t('library.items', { n: Object.keys(value as object).length })
    case 'geo_point': {
      const { lat, lon } = value as { lat: number; lon: number }
      return `${lat}, ${lon}`
    }
    default:
      return field.unit ? `${String(value)} ${field.unit}` : String(value)
  }
}

const choice = (field: Field, value: unknown): string => {
  const known = field.choices.find((one) => one.value === value)
  return known ? inWords(known.label) : String(value)
}

