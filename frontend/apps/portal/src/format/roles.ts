import type { PublicAccount, Role } from '@kaibo/client'

const PLATFORM = '*'
const STRONGEST_FIRST: Role[] = ['operator', 'business_operator', 'reviewer', 'editor', 'anchor', 'assistant', 'supplier', 'viewer']

/** Those who work on a business's things; suppliers see only their own. */
export const STAFF: Role[] = ['business_operator', 'reviewer', 'editor', 'anchor', 'assistant']

const held = (account: PublicAccount | null, business: string | undefined): Role[] => {
  const roles = account?.roles ?? {}
  return [...(roles[PLATFORM] ?? []), ...(business ? (roles[business] ?? []) : [])]
}

/** The role that says most about what a person may do here. */
export function mainRole(account: PublicAccount | null, business: string | undefined): Role {
  const here = held(account, business)
  return STRONGEST_FIRST.find((role) => here.includes(role)) ?? 'viewer'
}

/** Whether a person may do what these roles may; operators of the platform may everything. */
export function may(account: PublicAccount | null, business: string | undefined, ...wanted: Role[]): boolean {
  const here = held(account, business)
  return here.includes('operator') || wanted.some((role) => here.includes(role))
}
