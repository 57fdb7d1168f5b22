import { computed } from 'vue'
import type { UseKind } from '@/api/drafts'
import { may, STAFF } from '@/format/roles'
import { t } from '@/i18n'
import { account, api, business } from './session'

/** Whether it is her business to ask where things are used: suppliers and applicants are not told. */
export const seesUses = computed(() => may(account.value, business.value?.id, ...STAFF))

/** A count of which only the first page is known. */
export const atLeast = (count: number, more: boolean): string => `${count}${more ? '+' : ''}`

/** What to say of a thing before it is taken out of use: how much refers to it. Null: that can't be told now. */
export async function askUses(kind: UseKind, id: string): Promise<{ used: boolean; words: string } | null> {
  try {
    const { items, next_cursor } = await api.drafts.uses(business.value?.id ?? '', kind, id, null)
    return { used: items.length > 0, words: items.length ? t('uses.before', { n: atLeast(items.length, next_cursor !== null) }) : t('uses.none.body') }
  } catch {
    return null // Asking is a kindness: without an answer the question is put without it.
  }
}

/** Adds to a warning what refers to the thing. */
export const warned = async (body: string, kind: UseKind, id: string): Promise<string> => {
  const told = await askUses(kind, id)
  return told ? `${body}\n\n${told.words}` : body
}
