import type { ContributionCard, ContributionDraft, FormPicture, WrittenKind } from '@kaibo/client'

export type RowAct = 'go_on' | 'change' | 'read' | 'take_back' | 'drop'

/** A line of the list: a draft of this device, or something handed in. */
export interface Row {
  id: string
  business: string
  kind: WrittenKind
  title: string
  cover: string
  state: ContributionCard['state'] | 'draft'
  reason: string
  since: number
  /** What can be done with it; the first is what a tap does. */
  acts: RowAct[]
}

export function ofDraft({ id, businessName, kind, base, at }: ContributionDraft): Row {
  const pictures = [base.cover, base.pictures].flatMap((one) => (Array.isArray(one) ? (one as FormPicture[]) : []))
  return { id, business: businessName, kind, title: String(base.title ?? ''), cover: pictures.find(({ key }) => key)?.key ?? '', state: 'draft', reason: '', since: at, acts: ['go_on', 'drop'] }
}

/** `begun`: changes to it are kept on this device. */
export function ofCard(card: ContributionCard, begun: boolean): Row {
  const { content, business_name: business, kind, title, cover, state, reason, since, may_change: open } = card
  const change: RowAct[] = open ? [begun ? 'go_on' : 'change'] : []
  // What waits is read; what came back is changed.
  const first: RowAct[] = state === 'in_review' && !begun ? ['read', ...change] : [...change, 'read']
  const back: RowAct[] = state === 'withdrawn' || state === 'taken_down' ? [] : ['take_back']
  return { id: content, business, kind: kind as WrittenKind, title, cover: card.addresses?.[cover] ?? cover, state, reason, since, acts: [...first, ...back] }
}
