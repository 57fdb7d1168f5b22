import type { FeedCard, FeedTab, Page, StoryCard } from '@kaibo/client'
import { ref, type Ref } from 'vue'
import { api } from './session'
import { type Trouble, troubleOf } from './trouble'

/** A list of cards that can be refreshed and continued. */
export function useCards<T>(read: (cursor: string | null) => Promise<Page<T>>) {
  const cards: Ref<T[]> = ref([]) as Ref<T[]>
  const phase = ref<'loading' | 'ready' | Trouble>('loading')
  const hasMore = ref(false)
  let cursor: string | null = null
  let asking: Promise<void> | null = null

  /** Starts again from the first page; what is shown stays until the answer is here. */
  function refresh(): Promise<void> {
    asking ??= ask(null).finally(() => (asking = null))
    return asking
  }

  function more(): Promise<void> {
    if (!hasMore.value) return Promise.resolve()
    asking ??= ask(cursor).finally(() => (asking = null))
    return asking
  }

  async function ask(from: string | null): Promise<void> {
    try {
      const page = await read(from)
      cards.value = from ? [...cards.value, ...page.items] : page.items
      cursor = page.next_cursor
      hasMore.value = cursor !== null
      phase.value = 'ready'
    } catch (error) {
      if (!cards.value.length) phase.value = troubleOf(error)
    }
  }

  return { cards, phase, hasMore, refresh, more }
}

/** One tab of the home page with programs. */
export const useFeed = (tab: FeedTab) => useCards<FeedCard>((cursor) => api.feed(tab, cursor))

/** Articles and picture sets. */
export const useStories = () => useCards<StoryCard>((cursor) => api.stories(cursor))
