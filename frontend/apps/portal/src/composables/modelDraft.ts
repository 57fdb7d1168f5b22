import { ApiProblem } from '@kaibo/client'
import { computed, ref, shallowRef, watch } from 'vue'
import type { Checked, ContentModel } from '@/api/models'
import type { ModelSchema } from '@/format/modelSchema'
import { api } from './session'
import { useSubmission } from './submission'

const CHECK_AFTER_MS = 300
const STEPS_KEPT = 100

/** A model's draft being worked on: checked as one types, saved over the revision it was read at. */
export function useModelDraft() {
  const model = shallowRef<ContentModel | null>(null)
  const draft = shallowRef<ModelSchema | null>(null)
  const checked = shallowRef<Checked>({ problems: [], changes: [] })
  const steps = shallowRef<ModelSchema[]>([])
  const isChecking = ref(false)
  const { busy, trouble, submit, clear } = useSubmission()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  const changed = computed(() => model.value !== null && draft.value !== null && JSON.stringify(draft.value) !== JSON.stringify(model.value.draft))

  function take(next: ContentModel | null): void {
    model.value = next
    draft.value = next?.draft ?? null
    steps.value = []
    clear()
  }

  function change(next: ModelSchema): void {
    if (draft.value) steps.value = [...steps.value.slice(-STEPS_KEPT), draft.value]
    draft.value = next
  }

  function undo(): void {
    const before = steps.value.at(-1)
    if (!before) return
    steps.value = steps.value.slice(0, -1)
    draft.value = before
  }

  /** What is written is what is given: an import too. */
  async function save(schema: unknown = draft.value): Promise<boolean> {
    const current = model.value
    if (!current) return false
    const saved = await submit(() => api.modelling.saveDraft(current.id, schema, current.rev))
    if (saved) take(saved)
    return saved !== undefined
  }

  async function reload(): Promise<void> {
    if (model.value) take(await api.modelling.model(model.value.id))
  }

  async function check(): Promise<void> {
    const mine = ++asked
    if (!model.value || !draft.value) return
    try {
      const answer = await api.modelling.check(model.value.id, draft.value)
      if (mine === asked) checked.value = answer
    } catch (error) {
      if (mine !== asked || !(error instanceof ApiProblem) || !error.errors.length) return
      const problems = error.errors.map(({ pointer, expected = '', got = '' }) => ({ pointer: pointer.replace(/^\/schema/, ''), expected, got }))
      checked.value = { problems, changes: [] }
    } finally {
      if (mine === asked) isChecking.value = false
    }
  }

  watch(draft, () => {
    clearTimeout(timer)
    isChecking.value = draft.value !== null
    timer = setTimeout(check, CHECK_AFTER_MS)
  })

  return { model, draft, checked, isChecking, changed, steps, busy, trouble, take, change, undo, save, reload }
}

export type ModelDraft = ReturnType<typeof useModelDraft>
