import type { Address, Delivery, Money, NewOrder, Offer } from '../api/types'
import { checkForm } from '../fields/faults'
import type { ModelField } from '../fields/schema'

/** Units of one product in an order: the server's own bound. */
export const MAX_QUANTITY = 99

/** How and to whom an order goes, as it stands in the form; kept for the next order. */
export interface DeliveryForm {
  kind: 'courier' | 'pick_up'
  name: string
  phone: string
  region: string
  street: string
  /** Id of the store where it is collected. */
  store: string
}

export type DeliveryField = Exclude<keyof DeliveryForm, 'kind'>

export const EMPTY_FORM: DeliveryForm = { kind: 'courier', name: '', phone: '', region: '', street: '', store: '' }

/** The fields the server would refuse, by the form of its kind; what is collected needs a store beside. */
export function faultsOf(form: DeliveryForm, fields: readonly ModelField[]): DeliveryField[] {
  const wrong = Object.keys(checkForm(fields, { ...form })).map((pointer) => pointer.slice(1) as DeliveryField)
  return form.kind === 'pick_up' && !form.store ? [...wrong, 'store'] : wrong
}

export function toAddress(form: DeliveryForm): Address {
  return { name: form.name.trim(), phone: form.phone.trim(), region: form.region.trim(), street: form.street.trim() }
}

export function toDelivery(form: DeliveryForm): Delivery {
  const { name, phone, ...place } = toAddress(form)
  if (form.kind === 'pick_up') return { type: 'pick_up', name, phone, store: form.store }
  return { type: 'courier', address: { name, phone, ...place } }
}

/** Puts an address into the form; how it is delivered stays. */
export const withAddress = (form: DeliveryForm, { name, phone, region, street }: Address): DeliveryForm => ({
  ...form,
  name,
  phone,
  region: region ?? '',
  street,
})

export const sameAddress = (one: Address, other: Address): boolean =>
  one.name === other.name && one.phone === other.phone && one.street === other.street && (one.region ?? '') === (other.region ?? '')

/** Reads a remembered form; whatever is not one (an older version's, a damaged one) is an empty form. */
export function restoreForm(stored: string | null | undefined): DeliveryForm {
  try {
    const kept = JSON.parse(stored || '{}') as Partial<Record<keyof DeliveryForm, unknown>>
    const text = (field: DeliveryField): string => (typeof kept[field] === 'string' ? kept[field] : '')
    return {
      kind: kept.kind === 'pick_up' ? 'pick_up' : 'courier',
      name: text('name'),
      phone: text('phone'),
      region: text('region'),
      street: text('street'),
      store: text('store'),
    }
  } catch {
    return { ...EMPTY_FORM }
  }
}

/** How many units one may choose; `left` is what the stock was said to have, if anybody said so. */
export function mostOf(offer: Pick<Offer, 'limit'>, left: number | null = null): number {
  return Math.max(0, Math.min(offer.limit || MAX_QUANTITY, left ?? MAX_QUANTITY, MAX_QUANTITY))
}

export const plus = ({ amount, currency }: Money, more: number): Money => ({ amount: amount + more, currency })
export const times = ({ amount, currency }: Money, quantity: number): Money => ({ amount: amount * quantity, currency })

/** An order of one SKU of an offer at the price its buyer has seen. */
export function toOrder(program: string, offer: Offer, sku: string, price: Money, quantity: number, form: DeliveryForm, note: string): NewOrder {
  return {
    program,
    lines: [{ product: offer.product, sku, quantity, price }],
    delivery: toDelivery(form),
    note: note.trim(),
  }
}
