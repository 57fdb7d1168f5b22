import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { type Trouble, troubleOf } from './trouble'

export interface Detail<T> {
  item: ShallowRef<T | null>
  loading: Ref<boolean>
  trouble: ShallowRef<Trouble | null>
  reload: () => Promise<void>
  put: (item: T) => void
}

/** The document named by the address. What the list knows is shown at once, then what the server knows now. */
export function useDetail<T>(id: () => string, read: (id: string) => Promise<T>, known: (id: string) => T | undefined = () => undefined): Detail<T> {
  const item = shallowRef<T | null>(null)
  const loading = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  let asked = 0

  async function reload(): Promise<void> {
    const wanted = id()
    const mine = ++asked
    trouble.value = null
    if (!wanted) return
    loading.value = true
    try {
      const answer = await read(wanted)
      if (mine === asked) item.value = answer
    } catch (error) {
      if (mine === asked) trouble.value = troubleOf(error)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  watch(
    id,
    (wanted) => {
      item.value = wanted ? (known(wanted) ?? null) : null
      void reload()
    },
    { immediate: true },
  )

  return { item, loading, trouble, reload, put: (next) => (item.value = next) }
}
