import { ref } from 'vue'
import type { Creator, Verdict } from '@/api/types'
import { t } from '@/i18n'
import { confirm } from './confirm'
import { api } from './session'
import { say, sayTrouble } from './toasts'
import { atLeast, warned } from './uses'

/** How many shows end with a creator's suspension: those her account leads on air. */
async function runningShows({ business, account }: Creator): Promise<string> {
  if (!account) return ''
  try {
    const { items, next_cursor } = await api.programs({ business, anchor: account, state: 'live,interrupted', limit: 100 })
    return items.length ? atLeast(items.length, next_cursor !== null) : ''
  } catch {
    return '' // Without an answer it is said without the count.
  }
}

/** Verdicts on a creator. Who is turned away or suspended is told the reason, so it is asked for. */
export function useCreatorReview(judged: (creator: Creator) => void, reload: () => Promise<void>) {
  const reviewing = ref(false)

  async function review(creator: Creator, verdict: Verdict, reason: string, done: string): Promise<void> {
    reviewing.value = true
    try {
      judged(await api.reviewCreator(creator.id, verdict, reason))
      say(done)
    } catch (error) {
      sayTrouble(error)
      await reload()
    } finally {
      reviewing.value = false
    }
  }

  const approve = (creator: Creator): Promise<void> => review(creator, 'approve', '', t('creators.approved', { name: creator.name }))

  async function reject(creator: Creator): Promise<void> {
    const reason = await confirm({
      title: t('creators.reject.title', { name: creator.name }),
      body: t('creators.reject.body'),
      yes: t('creators.reject'),
      danger: true,
      reasons: [t('creators.reason.incomplete'), t('creators.reason.unfit'), t('creators.reason.full')],
    })
    if (reason) await review(creator, 'reject', reason, t('creators.rejected'))
  }

  async function suspend(creator: Creator): Promise<void> {
    const running = await runningShows(creator)
    const body = running ? `${t('creators.suspend.body')}\n\n${t('creators.suspend.live', { n: running })}` : t('creators.suspend.body')
    const reason = await confirm({
      title: t('creators.suspend.title', { name: creator.name }),
      body: await warned(body, 'creator', creator.id),
      yes: t('creators.suspend'),
      danger: true,
      reasons: [t('creators.reason.contract'), t('creators.reason.rules'), t('creators.reason.asked')],
    })
    if (reason) await review(creator, 'suspend', reason, t('creators.suspended'))
  }

  return { reviewing, approve, reject, suspend }
}
