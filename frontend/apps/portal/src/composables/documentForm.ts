import { computed, type ComputedRef, type ShallowRef, shallowRef, watch } from 'vue'
import { type Detail, useDetail } from './detail'

interface Wanted<T> {
  /** Id of the document, or `new`. */
  id: string
  read: (id: string) => Promise<T>
  known: () => T | undefined
  /** Writes a document into the form's fields. */
  fill: (document: T) => void
  /** Whether the form's fields say what the document says. */
  says: (document: T) => boolean
}

export interface DocumentForm<T> extends Detail<T> {
  isNew: boolean
  /** What the form was filled from: what an edit is based on. */
  basis: ShallowRef<T | null>
  changed: ComputedRef<boolean>
  /** Shows what was just saved, or what somebody else saved meanwhile. */
  take: (document: T) => void
  /** Reads the newest and fills the form with it: what was typed is lost. Undefined when it can't be read. */
  takeOver: () => Promise<T | undefined>
}

/** A document at the side as a form. A newer revision fills it only while nothing has been typed into it. */
export function useDocumentForm<T>({ id, read, known, fill, says }: Wanted<T>): DocumentForm<T> {
  const isNew = id === 'new'
  const detail = useDetail(() => (isNew ? '' : id), read, known)
  const basis: ShallowRef<T | null> = shallowRef(null)
  const changed = computed(() => (basis.value === null ? isNew : !says(basis.value)))

  function take(document: T): void {
    detail.put(document)
    fill(document)
    basis.value = document
  }

  async function takeOver(): Promise<T | undefined> {
    await detail.reload()
    if (!detail.item.value) return undefined
    take(detail.item.value)
    return detail.item.value
  }

  watch(
    detail.item,
    (document) => {
      if (document && (!basis.value || !changed.value)) {
        fill(document)
        basis.value = document
      }
    },
    { immediate: true },
  )

  return { ...detail, isNew, basis, changed, take, takeOver }
}
