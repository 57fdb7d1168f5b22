import { ApiProblem, Unreachable } from '@kaibo/client'
import { computed, onMounted, onUnmounted, ref, shallowRef, watch } from 'vue'
import type { Conflict, Draft, Face } from '@/api/drafts'
import { merge, same } from '@/format/merge'
import { t } from '@/i18n'
import { api } from './session'
import { say } from './toasts'
import { type Trouble, troubleOf } from './trouble'
import { useUnsaved } from './unsaved'

export type Saving = 'clean' | 'typing' | 'saving' | 'saved' | 'offline' | 'conflict' | 'refused'

const SETTLES_MS = 700
const AGAIN_MS = 3_000

/**
 * A draft that saves itself. Who was too late gets what the other has saved and puts both together; only where both
 * changed the same value somebody has to choose (`conflicts`). Nothing typed is ever thrown away.
 */
export function useDraft(document: string) {
  const draft = shallowRef<Draft | null>(null)
  const face = ref<Face>({})
  const saving = ref<Saving>('clean')
  const conflicts = shallowRef<Conflict[]>([])
  const missing = shallowRef<Trouble | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  let kept: Face = {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let underWay: Promise<void> | null = null

  const editable = computed(() => ['clean', 'editing', 'sent_back'].includes(draft.value?.state ?? ''))
  const touched = (): boolean => !same(face.value, kept)

  async function load(): Promise<void> {
    missing.value = null
    try {
      take(await api.drafts.read(document))
    } catch (error) {
      missing.value = troubleOf(error)
    }
  }

  /** Shows a draft as the server has it now. */
  function take(next: Draft): void {
    draft.value = next
    kept = next.face
    face.value = plain(next.face)
    conflicts.value = next.conflicts
    saving.value = next.conflicts.length ? 'conflict' : 'clean'
    trouble.value = null
  }

  watch(
    face,
    () => {
      if (!draft.value || saving.value === 'conflict' || !touched()) return
      saving.value = 'typing'
      later(SETTLES_MS)
    },
    { deep: true },
  )

  function later(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), ms)
  }

  /** Saves what is typed now; true when everything is safe. */
  async function flush(): Promise<boolean> {
    clearTimeout(timer)
    while (underWay) await underWay
    if (saving.value === 'conflict') return false
    if (draft.value && editable.value && touched()) {
      underWay = send().finally(() => (underWay = null))
      await underWay
    }
    return !touched()
  }

  async function send(resolves = false): Promise<void> {
    const now = draft.value
    if (!now) return
    const sent = plain(face.value)
    saving.value = 'saving'
    try {
      const next = await api.drafts.save(document, sent, now.rev, resolves)
      draft.value = next
      kept = sent
      trouble.value = null
      conflicts.value = next.conflicts
      saving.value = next.conflicts.length ? 'conflict' : touched() ? 'typing' : 'saved'
      if (touched()) later(SETTLES_MS)
    } catch (error) {
      refuse(error)
    }
  }

  /** `saves`: whether it was what is typed that did not go, or only a step further on. */
  function refuse(error: unknown, saves = true): void {
    const theirs = error instanceof ApiProblem && error.status === 412 ? (error.problem.data?.draft as Draft | undefined) : undefined
    if (theirs) return meet(theirs)
    if (saves && error instanceof Unreachable) {
      saving.value = 'offline'
      later(AGAIN_MS)
      return
    }
    trouble.value = troubleOf(error)
    if (saves) saving.value = 'refused'
  }

  /** Somebody else saved first: both edits are put together. */
  function meet(theirs: Draft): void {
    const merged = merge(kept, plain(face.value), theirs.face)
    draft.value = theirs
    kept = theirs.face
    face.value = merged.face
    conflicts.value = merged.conflicts
    if (merged.conflicts.length) {
      saving.value = 'conflict'
      return
    }
    say(t('draft.merged'))
    saving.value = 'typing'
    later(0)
  }

  /** The conflicts are settled: this is what is meant. */
  async function settle(settled: Face): Promise<void> {
    face.value = settled
    conflicts.value = []
    await send(true)
  }

  /** Sends the draft a step on its way, once what is typed is safe. Gives whether it went. */
  async function step(act: (rev: number) => Promise<Draft>): Promise<boolean> {
    if (!(await flush()) || !draft.value) return false
    try {
      take(await act(draft.value.rev))
      return true
    } catch (error) {
      refuse(error, false)
      return false
    }
  }

  useUnsaved(touched)
  onMounted(() => void load())
  onUnmounted(() => void flush())

  return { draft, face, saving, conflicts, missing, trouble, editable, load, flush, settle, step }
}

/** The values behind Vue's proxies. */
const plain = (face: Face): Face => JSON.parse(JSON.stringify(face)) as Face
