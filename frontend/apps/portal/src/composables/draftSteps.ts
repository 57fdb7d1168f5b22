import { computed, type ComputedRef, type ShallowRef } from 'vue'
import type { Draft } from '@/api/drafts'
import { may } from '@/format/roles'
import { moment } from '@/format/moments'
import { t } from '@/i18n'
import { confirm } from './confirm'
import { account, api, business } from './session'
import { say } from './toasts'

export type Step = 'submit' | 'withdraw' | 'approve' | 'send_back' | 'publish' | 'unschedule' | 'discard'

/** Which steps a person may take with a draft in its state; the first is what the screen offers most plainly. */
export function stepsFor(draft: Draft, review: string, me: string, mayEdit: boolean, mayReview: boolean): Step[] {
  const needed = review === 'other_person'
  const wrote = draft.authors.some(({ id }) => id === me)
  switch (draft.state) {
    case 'clean':
      return []
    case 'editing':
    case 'sent_back': {
      const on: Step[] = mayReview && !needed ? ['publish', 'submit'] : ['submit']
      return mayEdit ? [...on, 'discard'] : mayReview && !needed ? ['publish'] : []
    }
    case 'submitted': {
      const judge: Step[] = mayReview && !(needed && wrote) ? ['approve', 'send_back'] : []
      return [...judge, ...(wrote || mayEdit ? (['withdraw'] as const) : [])]
    }
    case 'approved':
      return [...(mayReview ? (['publish', 'send_back'] as const) : []), ...(wrote || mayEdit ? (['withdraw'] as const) : [])]
    case 'scheduled':
      return mayReview ? ['unschedule'] : []
  }
}

type Send = (act: (rev: number) => Promise<Draft>) => Promise<boolean>

/** The steps of a draft's way from editing to published. */
export function useDraftSteps(document: string, draft: ShallowRef<Draft | null>, send: Send, changed: () => void) {
  const mayEdit = computed(() => may(account.value, business.value?.id, 'business_operator', 'editor', 'anchor'))
  const mayReview = computed(() => may(account.value, business.value?.id, 'business_operator', 'reviewer'))
  const steps: ComputedRef<Step[]> = computed(() =>
    draft.value ? stepsFor(draft.value, business.value?.review ?? 'none', account.value?.id ?? '', mayEdit.value, mayReview.value) : [],
  )

  const calls: Record<Exclude<Step, 'send_back' | 'publish'>, (rev: number) => Promise<Draft>> = {
    submit: (rev) => api.drafts.submit(document, rev),
    withdraw: (rev) => api.drafts.withdraw(document, rev),
    approve: (rev) => api.drafts.approve(document, rev),
    unschedule: (rev) => api.drafts.unschedule(document, rev),
    discard: (rev) => api.drafts.discard(document, rev),
  }

  async function go(act: (rev: number) => Promise<Draft>, text: string): Promise<boolean> {
    const went = await send(act)
    if (went) say(text)
    if (went) changed()
    return went
  }

  async function take(step: Step): Promise<boolean> {
    switch (step) {
      case 'publish':
        return publish(null)
      case 'send_back':
        return sendBack()
      case 'discard': {
        const sure = await confirm({ title: t('draft.discard.title'), body: t('draft.discard.body'), yes: t('draft.do.discard'), danger: true })
        return sure !== null && go(calls.discard, t('draft.did.discard'))
      }
      default:
        return go(calls[step], t(`draft.did.${step}`))
    }
  }

  const publish = (at: number | null): Promise<boolean> =>
    go((rev) => api.drafts.publish(document, rev, at), at === null ? t('draft.did.publish') : t('draft.did.schedule', { at: moment(at) }))

  async function sendBack(): Promise<boolean> {
    const reason = await confirm({
      title: t('draft.send_back.title'),
      body: t('draft.send_back.body'),
      yes: t('draft.do.send_back'),
      reasons: [t('draft.send_back.facts'), t('draft.send_back.picture'), t('draft.send_back.words')],
    })
    return reason !== null && go((rev) => api.drafts.sendBack(document, reason, rev), t('draft.did.send_back'))
  }

  return { steps, mayEdit, mayReview, take, publish }
}
