import { formatCount } from '@kaibo/client'
import type { Presence } from '@/api/types'
import { locale } from '@/i18n'

/** Where else somebody is followed, in one line. */
export const presencesText = (presences: Presence[] | undefined): string =>
  (presences ?? []).map(({ platform, followers }) => (followers ? `${platform} ${formatCount(followers, locale.value)}` : platform)).join(' · ')
