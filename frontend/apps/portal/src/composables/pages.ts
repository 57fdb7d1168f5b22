import type { Page } from '@kaibo/client'
import { computed, type Ref, ref, shallowRef, type ShallowRef } from 'vue'
import { type Trouble, troubleOf } from './trouble'

export interface Pages<T> {
  items: ShallowRef<T[]>
  trouble: ShallowRef<Trouble | null>
  /** Nothing to show yet: draw the skeleton. */
  loading: Ref<boolean>
  loadingMore: Ref<boolean>
  hasMore: Ref<boolean>
  reload: () => Promise<void>
  refresh: () => Promise<void>
  more: () => Promise<void>
  put: (item: T) => void
}

/** A list read page by page by cursor. An answer that a newer question has overtaken is dropped. */
export function usePages<T extends { id: string }>(read: (cursor: string | null) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<T[]>([])
  const trouble = shallowRef<Trouble | null>(null)
  const loading = ref(true)
  const loadingMore = ref(false)
  const cursor = ref<string | null>(null)
  let pages = 0
  let asked = 0

  /** Reads from the top and forgets what was there: the question changed. */
  async function reload(): Promise<void> {
    loading.value = true
    loadingMore.value = false
    const mine = ++asked
    try {
      const page = await read(null)
      if (mine !== asked) return
      items.value = page.items
      cursor.value = page.next_cursor
      pages = 1
      trouble.value = null
    } catch (error) {
      if (mine !== asked) return
      items.value = []
      cursor.value = null
      trouble.value = troubleOf(error)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  /** Reads the first page again under the reader's eyes; further pages stay, a failure changes nothing. */
  async function refresh(): Promise<void> {
    if (loading.value || trouble.value) return reload()
    const mine = asked
    try {
      const page = await read(null)
      if (mine !== asked) return
      if (pages <= 1) {
        items.value = page.items
        cursor.value = page.next_cursor
      } else {
        const fresh = new Set(page.items.map(({ id }) => id))
        items.value = [...page.items, ...items.value.filter(({ id }) => !fresh.has(id))]
      }
    } catch {
      // The list on the screen is the best that is known; the next refresh tries again.
    }
  }

  async function more(): Promise<void> {
    if (cursor.value === null || loadingMore.value || loading.value) return
    loadingMore.value = true
    const mine = asked
    try {
      const page = await read(cursor.value)
      if (mine !== asked) return
      const known = new Set(items.value.map(({ id }) => id))
      items.value = [...items.value, ...page.items.filter(({ id }) => !known.has(id))]
      cursor.value = page.next_cursor
      pages += 1
    } catch (error) {
      if (mine === asked) trouble.value = troubleOf(error)
    } finally {
      if (mine === asked) loadingMore.value = false
    }
  }

  /** Shows a document that was just written: in its place, or on top when it is new. */
  function put(item: T): void {
    const known = items.value.some(({ id }) => id === item.id)
    items.value = known ? items.value.map((one) => (one.id === item.id ? item : one)) : [item, ...items.value]
  }

  return { items, trouble, loading, loadingMore, hasMore: computed(() => cursor.value !== null), reload, refresh, more, put }
}
