import type { RecordingPolicy, Visibility } from '@/api/types'
import { t, tOr } from '@/i18n'

export const VISIBILITIES: Visibility[] = ['public', 'unlisted', 'private']
export const POLICIES: RecordingPolicy[] = ['keep', 'no_clips', 'off']
/** Those of our own viewer app; a business may name others. */
export const CHANNELS = ['h5', 'mini']

export const channelName = (name: string): string => tOr(`reach.channel.${name}`, name)

/** Who sees it and where, in a line. */
export const reachInWords = (visibility: Visibility, channels: string[]): string =>
  [t(`reach.visibility.${visibility}`), channels.map(channelName).join(t('list.and')) || t('reach.channels.all')].join(' · ')

/** What stays of it, in a word. */
export const keepInWords = (recording: RecordingPolicy, rehearsal: boolean): string => (rehearsal ? t('keep.rehearsal') : t(`keep.${recording}`))
