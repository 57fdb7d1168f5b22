import { randomId } from '../random'
import type { FormValues } from '../fields/values'

export type WrittenKind = 'article' | 'picture_set'

/** Something being written, as it is kept on the device until it is handed in. */
export interface ContributionDraft {
  id: string
  business: string
  businessName: string
  kind: WrittenKind
  /** Id of the contribution it changes; empty: it is a new one. */
  content: string
  /** Revision of that contribution which it was begun from. */
  rev: number
  base: FormValues
  ext: FormValues
  /** A handing in whose answer never came: sent again with its key, it is made once. */
  attempt: { key: string; body: string; rev: number } | null
  at: number
}

export const MAX_DRAFTS = 10

export const newDraft = (given: Pick<ContributionDraft, 'business' | 'businessName' | 'kind'> & Partial<ContributionDraft>): ContributionDraft => ({
  id: randomId(),
  content: '',
  rev: 0,
  base: {},
  ext: {},
  attempt: null,
  at: Date.now(),
  ...given,
})

/** Reads what is kept; whatever is not a draft (an older version's, a damaged one) is left out. */
export function restoreDrafts(stored: string | null | undefined): ContributionDraft[] {
  try {
    const kept = JSON.parse(stored || '[]') as unknown
    return Array.isArray(kept) ? kept.filter(isDraft) : []
  } catch {
    return []
  }
}

function isDraft(one: unknown): one is ContributionDraft {
  const draft = one as Partial<ContributionDraft> | null
  return (
    typeof draft?.id === 'string' &&
    typeof draft.business === 'string' &&
    (draft.kind === 'article' || draft.kind === 'picture_set') &&
    typeof draft.base === 'object' &&
    typeof draft.ext === 'object' &&
    typeof draft.content === 'string'
  )
}

/** Puts a draft among those that are kept, the newest first. */
export const withDraft = (drafts: readonly ContributionDraft[], draft: ContributionDraft): ContributionDraft[] =>
  [draft, ...drafts.filter(({ id }) => id !== draft.id)].slice(0, MAX_DRAFTS)

/** Whether anything was written in it. */
export const isBlank = ({ base, ext, attempt }: ContributionDraft): boolean =>
  !attempt && [...Object.values(base), ...Object.values(ext)].every((value) => value === '' || value === null || value === false || (Array.isArray(value) && !value.length))

/**
 * What to send to hand a draft in. An attempt that had no answer comes first, exactly as it was: the server tells then
 * what became of it, and what was changed since goes over it.
 */
export function nextAttempt(draft: ContributionDraft, body: string): { attempt: NonNullable<ContributionDraft['attempt']>; again: boolean } {
  if (!draft.attempt) return { attempt: { key: randomId(), body, rev: draft.rev }, again: false }
  return { attempt: draft.attempt, again: draft.attempt.body !== body }
}
