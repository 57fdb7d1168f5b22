import { tOr } from '@/i18n'

export const nameOfAction = (action: string): string => tOr(`audit.action.${action}`, action)

/** A field of any document, called as its forms call it. */
export const nameOfField = (name: string): string => tOr(`audit.field.${name}`, name)

/** Keys and seals are nobody's to read, however old the entry is that has them. */
export const isSecret = (name: string): boolean => /(^|_)(hash|sealed)$/.test(name)

const namesIn = (before: object, after: object): string[] => [...new Set([...Object.keys(before), ...Object.keys(after)])]

/** What changed, by name. */
export const changedNames = ({ before, after }: { before: object; after: object }): string[] => namesIn(before, after).filter((name) => !isSecret(name))

export interface Line {
  name: string
  before: unknown
  after: unknown
}

/** Lines of a change; what stands in `ext` is told field by field. */
export function linesOf(change: { before?: Record<string, unknown>; after?: Record<string, unknown> }): Line[] {
  const before = change.before ?? {}
  const after = change.after ?? {}
  return changedNames({ before, after }).flatMap((name) => {
    if (name !== 'ext') return [{ name, before: before[name], after: after[name] }]
    const was = (before.ext ?? {}) as Record<string, unknown>
    const now = (after.ext ?? {}) as Record<string, unknown>
    return namesIn(was, now)
      .filter((key) => JSON.stringify(was[key]) !== JSON.stringify(now[key]) || was[key] === '…')
      .map((key) => ({ name: key, before: was[key], after: now[key] }))
  })
}
