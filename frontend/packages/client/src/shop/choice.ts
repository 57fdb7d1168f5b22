import type { ProductChoice, SkuChoice } from '../api/types'
import type { OfferStock } from '../room/frames'

/** One value for each option, in their order; empty where nothing is chosen yet. */
export type Picked = readonly string[]

/** Units by SKU that are known better than the choice told: the room counts on, a refusal corrects. */
export type UnitsLeft = Readonly<Record<string, number>>

export const unitsLeft = (sku: SkuChoice, known: UnitsLeft = {}): number => known[sku.id] ?? sku.left

/** What the room counts of an offer, by SKU: of a product with one it tells the sum only. */
export function unitsCounted(choice: ProductChoice, counted: OfferStock | undefined): UnitsLeft {
  const [only, second] = choice.skus
  return counted?.skus ?? (counted && only && !second ? { [only.id]: counted.left } : {})
}

/** The SKU that is chosen; null while an option is open, or when there is no such combination. */
export const skuPicked = (choice: ProductChoice, picked: Picked): SkuChoice | null =>
  choice.skus.find(({ values }) => values.length === choice.options.length && values.every((value, place) => value === picked[place])) ?? null

/** What to begin with: the first SKU that can be had, so that who wants just that needs not choose. */
export function firstPick(choice: ProductChoice, known: UnitsLeft = {}): string[] {
  const sku = choice.skus.find((one) => unitsLeft(one, known) > 0) ?? choice.skus[0]
  return sku ? [...sku.values] : []
}

export type ValueState = 'open' | 'sold_out' | 'none'

/** Whether a value can be chosen beside the others: there is such a SKU, and units of it. */
export function stateOfValue(choice: ProductChoice, picked: Picked, place: number, value: string, known: UnitsLeft = {}): ValueState {
  const fitting = choice.skus.filter(({ values }) =>
    values.every((one, at) => (at === place ? one === value : !picked[at] || one === picked[at])),
  )
  if (!fitting.length) return 'none'
  return fitting.some((sku) => unitsLeft(sku, known) > 0) ? 'open' : 'sold_out'
}

/** Chooses a value; what does not go together with it is chosen anew. */
export function pick(choice: ProductChoice, picked: Picked, place: number, value: string, known: UnitsLeft = {}): string[] {
  const next = choice.options.map((_, at) => (at === place ? value : (picked[at] ?? '')))
  if (skuPicked(choice, next)) return next
  const matching = choice.skus.filter(({ values }) => values[place] === value)
  const sku = matching.find((one) => unitsLeft(one, known) > 0) ?? matching[0]
  return sku ? [...sku.values] : next
}

export const allSoldOut = (choice: ProductChoice, known: UnitsLeft = {}): boolean =>
  choice.skus.every((sku) => unitsLeft(sku, known) <= 0)
