import { api } from './session'

export type ReferenceKind = 'product' | 'store' | 'creator' | 'tag_category' | 'video' | 'account' | 'room' | 'program' | 'business' | 'category'

/** A thing that a value can name, as people know it. */
export interface Named {
  id: string
  name: string
  more?: string
}

/** Which of them are meant: tags of a category, people in a role, shows still to come. */
export interface Meant {
  category?: string
  role?: string
  coming?: boolean
}

const SHOWN = 30
const COMING = 'draft,scheduled,ready'

/** Looks up things of a business by a part of their name; without one, the newest. */
export async function search(kind: ReferenceKind, business: string, q: string, meant: Meant = {}): Promise<Named[]> {
  const wanted = { business, q, limit: SHOWN }
  const has = (name: string): boolean => name.toLowerCase().includes(q.toLowerCase())
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
      return (await api.modelling.tags({ ...wanted, category: meant.category })).items.filter(({ active }) => active).map(({ id, name }) => ({ id, name }))
    case 'account':
      return (await api.people.members(business, q)).items
        .filter(({ roles, disabled }) => !disabled && (!meant.role || roles.some((one) => one === meant.role)))
        .map(({ id, name, login }) => ({ id, name, more: login }))
    case 'room':
      return (await api.rooms(wanted)).items.map(({ id, title }) => ({ id, name: title }))
    case 'program':
      return (await api.programs({ ...wanted, state: meant.coming ? COMING : undefined })).items.map(({ id, title }) => ({ id, name: title }))
    case 'business':
      return (await api.places()).items.filter(({ name }) => has(name))
    case 'category':
      return (await api.modelling.tree(business)).filter(({ name }) => has(name)).map(({ id, name }) => ({ id, name }))
  }
}

/** Names what is chosen already; what is gone keeps its id for a name. */
export async function namesOf(kind: ReferenceKind, ids: string[], business = ''): Promise<Named[]> {
  if (LISTED.has(kind)) {
    const listed = await search(kind, business, '').catch((): Named[] => [])
    return ids.map((id) => listed.find((one) => one.id === id) ?? { id, name: id })
  }
  return Promise.all(ids.map((id) => nameOf(kind, id).catch(() => id).then((name) => ({ id, name }))))
}

/** Kinds that are few, and are named by their list. */
const LISTED = new Set<ReferenceKind>(['account', 'business', 'category'])

/** What one thing is called; fails where it can't be read. */
export async function nameOf(kind: ReferenceKind, id: string): Promise<string> {
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
    case 'room':
      return (await api.oneRoom(id)).title
    case 'program':
      return (await api.oneProgram(id)).title
    default:
      return id
  }
}
