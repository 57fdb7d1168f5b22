import type { RecordingPolicy, Visibility } from '@/api/types'
import { t, tOr } from '@/i18n'

/** Of our own viewer app's channels, the name; a business may have others. */
const channelName = (name: string): string => tOr(`reach.channel.${name}`, name)

/** Who sees it and where, in a line. */
export const reachInWords = (visibility: Visibility, channels: string[]): string =>
  [t(`reach.visibility.${visibility}`), channels.map(channelName).join(t('list.and')) || t('reach.channels.all')].join(' · ')

/** What stays of it, in a word. */
export const keepInWords = (recording: RecordingPolicy, rehearsal: boolean): string => (rehearsal ? t('keep.rehearsal') : t(`keep.${recording}`))
