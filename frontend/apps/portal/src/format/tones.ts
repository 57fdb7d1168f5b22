/** How a state is coloured. `live` is vermilion and means on the air, nothing else. */
export type Tone = 'live' | 'good' | 'wait' | 'bad' | 'next' | 'plain' | 'faint'

const TONES: Record<string, Record<string, Tone>> = {
  program: {
    draft: 'faint',
    scheduled: 'next',
    ready: 'good',
    live: 'live',
    interrupted: 'wait',
    ended: 'plain',
    cancelled: 'faint',
  },
  content: { preparing: 'wait', published: 'good', withdrawn: 'faint', unpublished: 'faint' },
  draft: { editing: 'next', submitted: 'wait', sent_back: 'bad', approved: 'good', scheduled: 'good' },
  creator: { applied: 'wait', approved: 'good', rejected: 'faint', suspended: 'bad' },
  order: {
    pending_payment: 'next',
    paid: 'wait',
    ready: 'wait',
    shipped: 'wait',
    done: 'good',
    cancelled: 'faint',
    expired: 'faint',
    refunding: 'wait',
    refunded: 'plain',
  },
  store: { open: 'good', retired: 'faint' },
  invitation: { open: 'next', accepted: 'good', revoked: 'faint', expired: 'faint' },
  key: { good: 'good', weakened: 'wait', expired: 'faint', revoked: 'faint' },
  import: { ready: 'next', checking: 'wait', running: 'wait', stopped: 'wait', done: 'good', failed: 'bad' },
  job: { queued: 'next', running: 'wait', done: 'good', failed: 'bad' },
}

export const toneOf = (kind: string, state: string): Tone => TONES[kind]?.[state] ?? 'plain'
