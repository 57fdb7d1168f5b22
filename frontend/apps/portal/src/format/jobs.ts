import { t, tOr } from '@/i18n'
import type { JobRow } from '@/api/types'

/** What a job is about: its title from the show or clip, else its kind. */
export const jobTitle = ({ data, kind }: JobRow): string =>
  typeof data.title === 'string' && data.title ? data.title : tOr(`job.kind.${kind}`, t('job.kind.other'))

/** Why a job failed. Known codes before the colon are said in the reader's language, with the detail behind. */
export function jobReason({ reason }: JobRow): string {
  const [, code = '', detail = ''] = /^([a-z_]+)(?::\s*(.*))?$/s.exec(reason) ?? []
  const known = code ? tOr(`job.reason.${code}`, '') : ''
  if (!known) return reason
  return detail ? `${known} (${detail})` : known
}
