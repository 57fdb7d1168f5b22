import type { Option, Product, SkuLine, StockRow } from '@/api/types'
import type { FormField, FormSchema } from './modelSchema'
import { readYuan } from './yuan'

/** What the grid is made from: the fields of an option, of a variant, and of counting one. */
export interface MatrixFields {
  options: FormField
  option: Record<'name' | 'values', FormField>
  skus: FormField
  sku: Record<'picture' | 'code' | 'surcharge', FormField>
  onHand: FormField
}

export function matrixFields(variants: FormSchema, stock: FormSchema): MatrixFields {
  const { options, skus } = variants.properties as Record<'options' | 'skus', FormField>
  return {
    options,
    option: options.items?.properties as MatrixFields['option'],
    skus,
    sku: skus.items?.properties as MatrixFields['sku'],
    onHand: stock.properties.on_hand as FormField,
  }
}

/** Values keep their key while they are renamed, and so their variants. */
export interface DraftValue {
  key: string
  text: string
}

export interface DraftOption {
  key: string
  name: string
  values: DraftValue[]
}

/** One variant as it is typed: amounts and units are texts until they are saved. */
export interface DraftRow {
  /** Keys of its values, one for each option. */
  keys: string[]
  id: string
  code: string
  surcharge: string
  picture: string
  sold: boolean
  onHand: string
  stock: StockRow | null
}

export interface Matrix {
  options: DraftOption[]
  rows: DraftRow[]
}

let made = 0
export const newKey = (): string => `v${++made}`

const emptyRow = (keys: string[], sold: boolean): DraftRow => ({ keys, id: '', code: '', surcharge: '', picture: '', sold, onHand: '', stock: null })

/** Everything in the store but what is sold, as the server counts it. */
const onHandOf = (stock: StockRow | null): string => (stock && (stock.rev > 1 || stock.total) ? String(stock.on_hand) : '')

const writeFen = (fen: number): string => (fen ? (fen % 100 ? (fen / 100).toFixed(2) : String(fen / 100)) : '')

export function matrixOf(product: Product, stock: StockRow[]): Matrix {
  const of = (id: string): StockRow | null => stock.find(({ sku }) => sku === id) ?? null
  if (!product.skus.length) {
    const own = stock[0] ?? null
    return { options: [], rows: [{ ...emptyRow([], true), id: own?.sku ?? '', stock: own, onHand: onHandOf(own) }] }
  }
  const options = product.options.map(({ name, values }) => ({ key: newKey(), name, values: values.map((text) => ({ key: newKey(), text })) }))
  const rows = product.skus.map((sku) => ({
    keys: sku.values.map((text, place) => options[place]?.values.find((value) => value.text === text)?.key ?? ''),
    id: sku.id,
    code: sku.code ?? '',
    surcharge: writeFen(sku.surcharge ?? 0),
    picture: sku.picture ?? '',
    sold: !sku.retired,
    stock: of(sku.id),
    onHand: onHandOf(of(sku.id)),
  }))
  return combine({ options, rows }, false).matrix
}

/** All combinations of the values, in their order. */
export const combinations = (options: readonly DraftOption[]): string[][] =>
  options.reduce<string[][]>((done, { values }) => done.flatMap((keys) => values.map(({ key }) => [...keys, key])), [[]])

/**
 * Makes a row for every combination. A row goes on where its values are; one whose options became more or fewer goes on
 * as the first that fits. `lost` are those that had stock and have no place any more.
 */
export function combine({ options, rows }: Matrix, sold = true): { matrix: Matrix; lost: DraftRow[] } {
  const free = new Set(rows)
  const take = (fits: (row: DraftRow) => boolean): DraftRow | undefined => {
    const found = [...free].find(fits)
    if (found) free.delete(found)
    return found
  }
  const wanted = combinations(options)
  const exact = wanted.map((keys) => take((row) => row.keys.length === keys.length && row.keys.every((key) => keys.includes(key))))
  const next = wanted.map((keys, place) => {
    const row =
      exact[place] ??
      take((one) => one.keys.length < keys.length && one.keys.every((key) => keys.includes(key))) ??
      take((one) => one.keys.length > keys.length && keys.every((key) => one.keys.includes(key)))
    return row ? { ...row, keys } : emptyRow(keys, sold)
  })
  return { matrix: { options, rows: next }, lost: [...free].filter(hadStock) }
}

export const hadStock = ({ stock }: DraftRow): boolean => stock !== null && (stock.total > 0 || stock.sold > 0 || stock.rev > 1)

export const titleOf = ({ options }: Matrix, { keys }: DraftRow): string =>
  options.map(({ values }, place) => values.find(({ key }) => key === keys[place])?.text ?? '').join(' / ')

/** What is sent: a combination that was never made and is not sold does not exist. */
export function toLines({ options, rows }: Matrix): { options: Option[]; skus: SkuLine[] } {
  if (!options.length) return { options: [], skus: [] }
  const texts = new Map(options.flatMap(({ values }) => values.map(({ key, text }) => [key, text.trim()] as const)))
  return {
    options: options.map(({ name, values }) => ({ name: name.trim(), values: values.map(({ text }) => text.trim()) })),
    skus: rows
      .filter(({ id, sold }) => id || sold)
      .map(({ keys, id, code, surcharge, picture, sold }) => ({
        ...(id ? { id } : {}),
        values: keys.map((key) => texts.get(key) ?? ''),
        code: code.trim(),
        surcharge: readYuan(surcharge || '0')?.amount ?? 0,
        picture,
        retired: !sold,
      })),
  }
}

/** The units that were counted anew, in the order of the rows; null where what is typed is no number. */
export function countOf({ onHand, stock }: DraftRow): number | null | undefined {
  const text = onHand.trim()
  if (text === onHandOf(stock)) return undefined
  if (!/^\d{1,9}$/.test(text || '0')) return null
  return Number(text || '0')
}
