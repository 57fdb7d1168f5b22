import { ref } from 'vue'
import type { OrderRow } from '@/api/types'
import { t } from '@/i18n'
import { confirm } from './confirm'
import { api } from './session'
import { say, sayTrouble } from './toasts'

export type Step = 'ready' | 'ship' | 'complete'

/** What the staff does with an order; money that goes back is asked about first, with a reason. */
export function useOrderMoves(changed: (order: OrderRow) => void, reload: () => Promise<void>) {
  const busy = ref(false)

  async function move(act: () => Promise<OrderRow>, done: string): Promise<void> {
    busy.value = true
    try {
      changed(await act())
      say(done)
    } catch (error) {
      sayTrouble(error)
      await reload()
    } finally {
      busy.value = false
    }
  }

  const fulfil = (order: OrderRow, step: Step, code = ''): Promise<void> => move(() => api.fulfilOrder(order.id, step, code), t(`orders.did.${step}`))

  async function refund(order: OrderRow): Promise<void> {
    const reason = await confirm({
      title: t('orders.refund.title'),
      body: t('orders.refund.body', { buyer: order.buyer }),
      yes: t('orders.refund'),
      danger: true,
      reasons: [t('orders.refund.reason.asked'), t('orders.refund.reason.short'), t('orders.refund.reason.quality')],
    })
    if (reason) await move(() => api.refundOrder(order.id, reason), t('orders.refund.done'))
  }

  async function cancel(order: OrderRow): Promise<void> {
    const yes = await confirm({ title: t('order.cancel.ask'), body: t('order.cancel.body'), yes: t('order.cancel') })
    if (yes !== null) await move(() => api.cancelOrder(order.id, yes), t('orders.cancelled'))
  }

  return { busy, fulfil, refund, cancel }
}
