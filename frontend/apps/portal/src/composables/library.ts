import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { LibraryRow, Noun, SavedView } from '@/api/library'
import { type Field, fieldsOf } from '@/format/fields'
import { asListing, chosenColumns, columnsOf, filtersIn, layerOf, type Query, same } from '@/format/library'
import { may } from '@/format/roles'
import { usePages } from './pages'
import { useSavedViews } from './savedViews'
import { account, api, business } from './session'

/** A list of the library: what it is filtered by stands in the address, what it shows in a view or on this device. */
export function useLibrary(noun: Noun) {
  const route = useRoute()
  const router = useRouter()
  const fields = shallowRef<Field[]>([])
  const behind = ref(false)
  const stored = computed(() => `kaibo.portal.columns.${noun}.${layer.value ?? ''}`)
  const { views, load: loadViews, save, change, drop } = useSavedViews(() => noun)

  const query = computed<Query>({
    get: () => filtersIn(route.query),
    set: (next) => void router.replace({ query: { ...kept(), ...next } }),
  })
  const layer = computed(() => layerOf(noun, query.value.kind ?? ''))
  const view = computed(() => views.value.find(({ id }) => id === route.query.view))

  /** What stands in the address and is no filter. */
  const kept = (): Query => Object.fromEntries(['open', 'do', 'view'].flatMap((name) => (typeof route.query[name] === 'string' ? [[name, route.query[name]]] : [])))

  const chosen = ref<string[]>([])
  const columns = computed(() => chosenColumns(noun, fields.value, chosen.value, query.value.kind))
  const allColumns = computed(() => columnsOf(noun, fields.value))
  const shownKeys = computed({
    get: () => columns.value.slice(1).map(({ key }) => key),
    set: (keys) => {
      chosen.value = keys
      if (!view.value) localStorage.setItem(stored.value, keys.join())
    },
  })

  function usualColumns(): void {
    chosen.value = []
    localStorage.removeItem(stored.value)
  }

  watch(
    () => view.value?.id ?? stored.value,
    () => (chosen.value = view.value ? view.value.columns : (localStorage.getItem(stored.value) ?? '').split(',').filter(Boolean)),
    { immediate: true },
  )

  const changed = computed(() => {
    if (!view.value) return Object.keys(query.value).length > 0
    return !same(query.value, view.value.query) || (chosen.value.length > 0 && chosen.value.join() !== view.value.columns.join())
  })

  const pages = usePages<LibraryRow>(async (cursor) => {
    const page = await api.library.list({ business: business.value?.id ?? '', noun, ...asListing(noun, query.value, fields.value), cursor: cursor ?? '', limit: 50 })
    behind.value = page.behind
    return { items: page.items, next_cursor: page.next_cursor }
  })

  /** The fields have to be known before their filters mean anything. */
  async function loadFields(): Promise<void> {
    fields.value = []
    if (!layer.value) return
    try {
      const model = await api.library.model(business.value?.id ?? '', layer.value)
      fields.value = model ? fieldsOf(model.schema) : []
    } catch {
      // Without the model the list shows its base fields.
    }
  }

  watch(layer, async () => {
    await loadFields()
    if (Object.keys(query.value).some((name) => name.startsWith('x-'))) await pages.reload()
  })
  watch(() => JSON.stringify(query.value), pages.reload)

  async function start(): Promise<void> {
    await Promise.all([loadFields(), loadViews()])
    await pages.reload()
  }

  /** Reads one row anew after something was done with its document. */
  async function refreshRow(id: string): Promise<void> {
    const { items } = await api.library.list({ business: business.value?.id ?? '', noun, ids: [id] })
    if (items[0]) pages.put(items[0])
  }

  function choose(next: SavedView | null): void {
    void router.replace({ query: next ? { ...next.query, view: next.id } : {} })
  }

  const columnsNow = (): string[] => (chosen.value.length ? chosen.value : [])

  async function saveView(name: string, shared: boolean): Promise<void> {
    const made = await save({ name, shared, query: query.value, columns: columnsNow() })
    if (made) choose(made)
  }

  async function updateView(): Promise<void> {
    const current = view.value
    if (!current) return
    await change(current, { name: current.name, shared: current.shared, query: query.value, columns: columnsNow() })
  }

  const mayShare = computed(() => may(account.value, business.value?.id, 'business_operator', 'reviewer', 'editor'))
  const mine = (one: SavedView): boolean => one.owner === account.value?.id || (one.shared && mayShare.value)

  return {
    ...{ query, layer, fields, behind, pages, start, refreshRow },
    ...{ columns, allColumns, shownKeys, usualColumns },
    ...{ views, view, changed, choose, saveView, updateView, drop, mayShare, mine },
  }
}
