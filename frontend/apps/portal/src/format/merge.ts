import type { Conflict, Face } from '@/api/drafts'

/** What both changed of a value, and not to the same; a side without a value has none there. */
export interface Merged {
  face: Face
  conflicts: Conflict[]
}

/**
 * Two edits of one face put together: what only they changed is taken, in conflict mine stands.
 * Extension fields are looked into; other values are compared whole, as the server does.
 */
export function merge(base: Face, mine: Face, theirs: Face): Merged {
  const conflicts: Conflict[] = []
  const face = put(base, mine, theirs, '', conflicts)
  return { face, conflicts }
}

function put(base: Face, mine: Face, theirs: Face, at: string, conflicts: Conflict[]): Face {
  const made: Face = {}
  for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const [was, own, other] = [base[name], mine[name], theirs[name]]
    const pointer = `${at}/${name}`
    let value = own
    if (isGroup(own) && isGroup(other)) value = put(isGroup(was) ? was : {}, own, other, pointer, conflicts)
    else if (same(was, own)) value = other
    else if (!same(was, other) && !same(own, other)) conflicts.push({ pointer, base: was, mine: own, theirs: other })
    if (value !== undefined) made[name] = value
  }
  return made
}

const isGroup = (value: unknown): value is Face => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether two values are the same JSON; in what order an object names its fields says nothing. */
export function same(one: unknown, other: unknown): boolean {
  if (isGroup(one) && isGroup(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)])
    return [...names].every((name) => same(one[name], other[name]))
  }
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((value, place) => same(value, other[place]))
  return one === other
}

/** The face with the value at a pointer; undefined takes it away. */
export function withValue(face: Face, pointer: string, value: unknown): Face {
  const [name = '', ...rest] = pointer.split('/').slice(1)
  const inner = rest.length ? withValue(isGroup(face[name]) ? face[name] : {}, `/${rest.join('/')}`, value) : value
  if (inner === undefined) return Object.fromEntries(Object.entries(face).filter(([one]) => one !== name))
  return { ...face, [name]: inner }
}
