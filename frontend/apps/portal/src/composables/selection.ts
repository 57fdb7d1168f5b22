import { computed, type ComputedRef, type Ref, ref } from 'vue'

export interface Selection {
  ids: Ref<Set<string>>
  count: ComputedRef<number>
  has: (id: string) => boolean
  /** Takes a row in or out; with `span` all from the one before to this. */
  toggle: (id: string, span?: boolean) => void
  all: (on: boolean) => void
  clear: () => void
}

/** Which rows of a list are chosen, in the list's order. */
export function useSelection(rows: () => { id: string }[]): Selection {
  const ids = ref(new Set<string>())
  let last = ''

  function toggle(id: string, span = false): void {
    const next = new Set(ids.value)
    const on = !next.has(id)
    for (const one of span ? between(last, id) : [id]) {
      if (on) next.add(one)
      else next.delete(one)
    }
    last = id
    ids.value = next
  }

  function between(one: string, other: string): string[] {
    const order = rows().map((row) => row.id)
    const [from, to] = [order.indexOf(one), order.indexOf(other)].sort((a, b) => a - b) as [number, number]
    return from < 0 ? [other] : order.slice(from, to + 1)
  }

  return {
    ids,
    count: computed(() => ids.value.size),
    has: (id) => ids.value.has(id),
    toggle,
    all: (on) => (ids.value = new Set(on ? rows().map(({ id }) => id) : [])),
    clear: () => (ids.value = new Set()),
  }
}
