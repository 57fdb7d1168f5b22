import type { Layer, Listing, Noun } from '@/api/library'
import { t } from '@/i18n'
import { type Field, inWords, isOrdered } from './fields'

export const NOUNS: Noun[] = ['contents', 'programs', 'rooms']
export const KINDS = ['trailer', 'live', 'replay', 'clip', 'article', 'picture_set'] as const
const CONTENT_STATES = ['preparing', 'published', 'withdrawn']
const PROGRAM_STATES = ['draft', 'scheduled', 'ready', 'live', 'interrupted', 'ended', 'cancelled']

export const statesOf = (noun: Noun): string[] => ({ contents: CONTENT_STATES, programs: PROGRAM_STATES, rooms: [] })[noun]

/** Whose model tells of a list's extension fields: contents have one for each kind. */
export const layerOf = (noun: Noun, kind: string): Layer | null =>
  noun === 'rooms' ? 'room' : noun === 'programs' ? 'program' : kind ? (kind as Layer) : null

/** How a list is filtered, as the page's address and saved views have it. Extension fields begin with `x-`. */
export type Query = Record<string, string>

const BASE = ['kind', 'state', 'room', 'program', 'anchor', 'q', 'sort']
const isFilter = (name: string): boolean => BASE.includes(name) || name.startsWith('x-')

/** The filters of an address, without what else stands there. */
export const filtersIn = (address: Record<string, unknown>): Query =>
  Object.fromEntries(Object.entries(address).filter((entry): entry is [string, string] => isFilter(entry[0]) && typeof entry[1] === 'string' && entry[1] !== ''))

export const same = (one: Query, other: Query): boolean => {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

/** The name of a field's filter: its values, or an end of its range. */
export const filterName = (field: Field, end: '' | 'from' | 'to' = ''): string => `x-${field.key}${end && `-${end}`}`

const words = (text: string | undefined): string[] => (text ? text.split(',') : [])

/** What the server is asked for a list that is filtered so. A range sorts the list by its field. */
export function asListing(noun: Noun, query: Query, fields: Field[]): Partial<Listing> {
  const equal: Listing['equal'] = {}
  const within: Listing['within'] = {}
  for (const field of fields.filter((one) => one.filterable)) {
    if (isOrdered(field)) {
      const [from, to] = [query[filterName(field, 'from')], query[filterName(field, 'to')]]
      if (from || to) within[field.key] = { at_least: end(field, from), at_most: end(field, to) }
    } else {
      const wanted = words(query[filterName(field)])
      if (wanted.length) equal[field.key] = field.type === 'boolean' ? wanted.map((one) => one === 'true') : wanted
    }
  }
  const [ranged] = Object.keys(within)
  const sort = query.sort?.replace(/^-?x-/, (start) => start.replace('x-', '')) ?? ''
  return {
    kind: noun === 'contents' && query.kind ? (query.kind as Listing['kind']) : null,
    state: noun === 'rooms' ? [] : words(query.state),
    room: query.room ?? '',
    program: query.program ?? '',
    anchor: noun === 'contents' ? '' : (query.anchor ?? ''),
    words: query.q ?? '',
    equal,
    within,
    sort: ranged && sort.replace('-', '') !== ranged ? ranged : sort,
  }
}

const end = (field: Field, text: string | undefined): string | number | null =>
  !text ? null : field.type === 'integer' || field.type === 'number' ? Number(text) : text

export interface LibraryColumn {
  key: string
  label: string
  width: string
  right?: boolean
  wide?: boolean
  /** What it shows when it is an extension field. */
  field?: Field
  sortable?: boolean
}

const WIDTHS: Record<string, string> = {
  kind: '72px',
  state: '118px',
  room: '150px',
  program: '170px',
  anchor: '120px',
  starts: '124px',
  published: '124px',
  duration: '84px',
  products: '64px',
  created: '124px',
  updated: '124px',
  work: '126px',
}
const RIGHT = new Set(['duration', 'products', 'starts', 'published', 'created', 'updated'])
const KEPT_WHEN_NARROW = new Set(['title', 'state', 'work'])

const OF: Record<Noun, { all: string[]; usual: string[] }> = {
  contents: {
    all: ['kind', 'state', 'work', 'program', 'room', 'duration', 'products', 'published', 'created', 'updated'],
    usual: ['kind', 'state', 'work', 'program', 'duration', 'updated'],
  },
  programs: {
    all: ['state', 'work', 'room', 'anchor', 'starts', 'products', 'created', 'updated'],
    usual: ['state', 'work', 'room', 'anchor', 'starts', 'updated'],
  },
  rooms: { all: ['work', 'anchor', 'created', 'updated'], usual: ['work', 'anchor', 'updated'] },
}

/** Every column a list can show. The title always comes first. */
export function columnsOf(noun: Noun, fields: Field[]): LibraryColumn[] {
  const base = OF[noun].all.map((key) => ({
    key,
    label: t(`library.column.${key}` as 'library.column.state'),
    width: (noun === 'programs' && key === 'state' ? '156px' : WIDTHS[key]) ?? '120px',
    right: RIGHT.has(key),
    wide: !KEPT_WHEN_NARROW.has(key),
  }))
  const own = fields.filter(isShown).map((field) => ({
    key: `x-${field.key}`,
    label: inWords(field.label),
    width: '120px',
    right: field.type === 'integer' || field.type === 'number',
    wide: true,
    field,
    sortable: field.filterable && isOrdered(field),
  }))
  return [...base, ...own]
}

const isShown = (field: Field): boolean => field.listed || field.filterable

/** The columns that are shown: those chosen, or the usual ones with the extension fields marked for lists. */
export function chosenColumns(noun: Noun, fields: Field[], chosen: string[], kind = ''): LibraryColumn[] {
  const all = columnsOf(noun, fields)
  const title = { key: 'title', label: t('library.column.title'), width: '' }
  const keys = chosen.length ? chosen : usualColumns(noun, fields, kind)
  return [title, ...keys.flatMap((key) => all.find((one) => one.key === key) ?? [])]
}

/** What a list shows until somebody chooses: of one kind nothing that its documents have not. */
function usualColumns(noun: Noun, fields: Field[], kind: string): string[] {
  const without = new Set([...(kind ? ['kind'] : []), ...(kind === 'article' || kind === 'picture_set' ? ['program', 'duration'] : [])])
  const own = fields.filter((one) => one.listed).map((one) => `x-${one.key}`)
  const base = OF[noun].usual.filter((key) => !without.has(key))
  return [...base.slice(0, -1), ...own, ...base.slice(-1)]
}
