export const INVITATION_DAYS = 7

/** Where the link of an invitation leads. What follows # is not sent to a server, and so stands in no log. */
export const joinLink = (origin: string, token: string): string => `${origin}/portal/join#${token}`

export interface ScopeGroup {
  noun: string
  scopes: { name: string; verb: string }[]
}

/** Scopes such as `rooms.read` by their noun. */
export function scopeGroups(names: readonly string[]): ScopeGroup[] {
  const groups = new Map<string, ScopeGroup>()
  for (const name of [...names].sort()) {
    const [noun = '', verb = ''] = name.split('.')
    const group = groups.get(noun) ?? { noun, scopes: [] }
    group.scopes.push({ name, verb })
    groups.set(noun, group)
  }
  for (const { scopes } of groups.values()) scopes.sort((a, b) => Number(b.verb === 'read') - Number(a.verb === 'read'))
  return [...groups.values()]
}

/** Scopes that change nothing. */
export const readingScopes = (names: readonly string[]): string[] => names.filter((name) => /\.(read|search)$/.test(name))
