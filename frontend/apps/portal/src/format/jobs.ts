import { t, tOr } from '@/i18n'
import type { JobRow } from '@/api/types'

/** What a job is about: its title from the show or clip, else its kind. */
export const jobTitle = ({ data, kind }: JobRow): string =>
  typeof data.title === 'string' && data.title ? data.title : tOr(`job.kind.${kind}`, t('job.kind.other'))

/** Why a job failed, in the reader's language where the server knows how to say it. */
export const jobReason = ({ reason, reason_text: text }: JobRow): string => text || reason
