import { formatCount } from '@kaibo/client'
import type { CreatorKind, Presence } from '@/api/types'
import { locale } from '@/i18n'

export const CREATOR_KINDS: CreatorKind[] = ['anchor', 'clerk', 'author', 'agency', 'supplier']
export const MOST_PRESENCES = 8

/** Where else somebody is followed, in one line. */
export const presencesText = (presences: Presence[] | undefined): string =>
  (presences ?? []).map(({ platform, followers }) => (followers ? `${platform} ${formatCount(followers, locale.value)}` : platform)).join(' · ')

/** Lines that were left empty are no presences. */
export const cleanPresences = (presences: Presence[]): Presence[] =>
  presences
    .map((one) => ({ platform: one.platform.trim(), handle: (one.handle ?? '').trim(), followers: Math.max(0, Math.floor(Number(one.followers) || 0)) }))
    .filter(({ platform }) => platform)
