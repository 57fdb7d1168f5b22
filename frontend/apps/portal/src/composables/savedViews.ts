import { computed, shallowRef } from 'vue'
import type { SavedView, ViewBody } from '@/api/library'
import { api, business } from './session'
import { sayTrouble } from './toasts'

/** The saved views of one list: those shared first, then one's own, each in the order they were made. */
export function useSavedViews(of: () => string) {
  const kept = shallowRef<SavedView[]>([])
  const views = computed(() => kept.value.toSorted((one, other) => Number(other.shared) - Number(one.shared) || (one.id < other.id ? -1 : 1)))

  /** Views are a convenience: without them the list works all the same. */
  async function load(): Promise<void> {
    try {
      kept.value = (await api.library.views(business.value?.id ?? '', of())).items
    } catch {
      kept.value = []
    }
  }

  async function attempt<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act()
    } catch (error) {
      sayTrouble(error)
      return undefined
    } finally {
      await load()
    }
  }

  const save = (body: ViewBody): Promise<SavedView | undefined> => attempt(() => api.library.saveView(business.value?.id ?? '', of(), body))
  const change = (view: SavedView, body: ViewBody): Promise<SavedView | undefined> => attempt(() => api.library.changeView(view.id, body, view.rev))
  const drop = (view: SavedView): Promise<true | undefined> => attempt(async () => (await api.library.dropView(view.id), true as const))

  return { views, load, save, change, drop }
}
