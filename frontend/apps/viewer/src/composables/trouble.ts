import { ApiProblem, CommandRefused, Unreachable } from '@kaibo/client'
import { say } from '@/platform/page'
import { t } from './text'

/** Why a screen can't be shown. */
export type Trouble = 'offline' | 'not_found' | 'not_allowed' | 'error'

export function troubleOf(error: unknown): Trouble {
  if (error instanceof Unreachable) return 'offline'
  if (error instanceof ApiProblem) {
    if (error.status === 404) return 'not_found'
    if (error.status === 401 || error.status === 403) return 'not_allowed'
  }
  return 'error'
}

/** Tells a person why what they tapped did not happen. */
export function sayTrouble(error: unknown): void {
  if (error instanceof CommandRefused && error.retryAfterMs) {
    say(t('toast.sent_too_fast', { n: Math.max(1, Math.ceil(error.retryAfterMs / 1000)) }))
    return
  }
  const reason = error instanceof Unreachable ? t('state.offline.title') : (error as Error).message
  say(t('toast.failed', { reason }))
}
