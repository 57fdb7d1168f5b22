import { api } from './session'

export type ReferenceKind = 'product' | 'store' | 'creator' | 'tag_category' | 'video'

/** A thing that a value can name, as people know it. */
export interface Named {
  id: string
  name: string
  more?: string
}

const SHOWN = 30

/** Looks up things of a business by a part of their name; without one, the newest. */
export async function search(kind: ReferenceKind, business: string, q: string, category: string): Promise<Named[]> {
  const wanted = { business, q, limit: SHOWN }
  switch (kind) {
    case 'product':
      return (await api.products(wanted)).items.map(({ id, title, subtitle }) => ({ id, name: title, more: subtitle }))
    case 'store':
      return (await api.stores(wanted)).items.filter(({ active }) => active).map(({ id, name, address }) => ({ id, name, more: address }))
    case 'creator':
      return (await api.creators({ ...wanted, state: 'approved' })).items.map(({ id, name }) => ({ id, name }))
    case 'video':
      return (await api.contents(wanted)).items.map(({ id, title }) => ({ id, name: title }))
    case 'tag_category':
      return (await api.modelling.tags({ ...wanted, category })).items.filter(({ active }) => active).map(({ id, name }) => ({ id, name }))
  }
}

/** Names what is chosen already; what is gone keeps its id for a name. */
export const namesOf = (kind: ReferenceKind, ids: string[]): Promise<Named[]> =>
  Promise.all(ids.map((id) => nameOf(kind, id).catch(() => id).then((name) => ({ id, name }))))

async function nameOf(kind: ReferenceKind, id: string): Promise<string> {
  switch (kind) {
    case 'product':
      return (await api.oneProduct(id)).title
    case 'store':
      return (await api.oneStore(id)).name
    case 'creator':
      return (await api.oneCreator(id)).name
    case 'video':
      return (await api.oneContent(id)).title
    case 'tag_category':
      return (await api.modelling.tag(id)).name
  }
}
