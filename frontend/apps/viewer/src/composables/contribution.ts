import {
  ApiProblem,
  checkForm,
  type Contribution,
  type ContributionDraft,
  type ContributionForm,
  type Faults,
  faultsFrom,
  type FormPicture,
  type FormValue,
  fromForm,
  newDraft,
  nextAttempt,
  randomId,
  readFields,
  toForm,
  Unreachable,
} from '@kaibo/client'
import { computed, ref, shallowRef } from 'vue'
import { drafts, dropDraft, keepDraft } from './drafts'
import { api } from './session'
import { t } from './text'
import { type Trouble, troubleOf } from './trouble'
import { useUploads } from './uploads'

const KEEP_AFTER_MS = 250

/** Where a contribution's text is written: kept on the device with every pause, handed in once. */
export function useContribution() {
  const draft = ref<ContributionDraft | null>(null)
  const form = shallowRef<ContributionForm | null>(null)
  /** As it stands at the server, when it was handed in before. */
  const handedIn = shallowRef<Contribution | null>(null)
  const phase = ref<'loading' | 'ready' | Trouble>('loading')
  /** Why it can't be handed in at all; and what happened at the last try. */
  const shut = ref('')
  const said = ref('')
  const faults = ref<Faults>({})
  const busy = ref(false)
  const keeping = ref<'' | 'keeping' | 'kept' | 'full'>('')
  let timer: ReturnType<typeof setTimeout> | null = null

  const fields = computed(() => ({ base: readFields(form.value?.base), ext: readFields(form.value?.extension) }))
  const uploads = useUploads(() => form.value, arrived)
  const wrong = computed(() => Object.keys(faults.value).length)

  /** Begins with a draft of this device, something handed in, or from nothing. */
  async function load(query: Record<string, string | undefined>): Promise<void> {
    phase.value = 'loading'
    shut.value = ''
    try {
      const kept = drafts.value.find(({ id, content }) => (query.draft ? id === query.draft : !!query.content && content === query.content)) ?? null
      const id = query.content || kept?.content
      handedIn.value = id ? await api.contribution(id) : null
      const told = handedIn.value
      uploads.learn(told?.addresses ?? {})
      const where = { business: told?.business ?? kept?.business ?? query.business ?? '', kind: told?.kind ?? kept?.kind ?? query.kind ?? '' }
      form.value = await api.contributionForm(where.business, where.kind)
      draft.value = kept ?? begun(form.value, told, query.draft)
      phase.value = 'ready'
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status === 404 || error.status === 401) phase.value = troubleOf(error)
      else {
        shut.value = error.message
        phase.value = 'ready'
      }
    }
  }

  function begun({ business, name, kind }: ContributionForm, told: Contribution | null, id = randomId()): ContributionDraft {
    const fresh = newDraft({ id, business, businessName: name, kind: kind as ContributionDraft['kind'] })
    if (!told) return { ...fresh, base: toForm(fields.value.base, {}), ext: toForm(fields.value.ext, {}) }
    const { title, intro, body, pictures, own_cover: cover, ext } = told
    const base = toForm(fields.value.base, { title, intro, body, pictures, cover })
    return { ...fresh, content: told.content, rev: told.rev, base, ext: toForm(fields.value.ext, ext) }
  }

  function change(part: 'base' | 'ext', key: string, value: FormValue): void {
    if (!draft.value) return
    draft.value[part] = { ...draft.value[part], [key]: value }
    const pointer = part === 'ext' ? `/ext/${key}` : `/${key}`
    if (faults.value[pointer]) faults.value = Object.fromEntries(Object.entries(faults.value).filter(([at]) => at !== pointer))
    keepSoon()
  }

  function arrived(id: string, key: string): void {
    if (!draft.value) return
    for (const part of ['base', 'ext'] as const) {
      for (const [name, value] of Object.entries(draft.value[part])) {
        const held = Array.isArray(value) ? (value as (FormPicture | string)[]).find((one) => typeof one === 'object' && one.id === id) : null
        if (held && Array.isArray(value)) change(part, name, (value as FormPicture[]).map((one) => (one.id === id ? { ...one, key } : one)))
      }
    }
  }

  function keepSoon(): void {
    keeping.value = 'keeping'
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(keepNow, KEEP_AFTER_MS)
  }

  function keepNow(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (!draft.value || keeping.value === '') return
    try {
      keepDraft(draft.value)
      keeping.value = 'kept'
    } catch {
      keeping.value = 'full'
    }
  }

  const body = (): string => {
    const { business, kind, content, base, ext } = draft.value as ContributionDraft
    const written = { ...fromForm(fields.value.base, base), ext: fromForm(fields.value.ext, ext) }
    return JSON.stringify(content ? written : { business, kind, ...written })
  }

  /** Hands it in; true when it is. What can't be is told at its fields. */
  async function handIn(): Promise<boolean> {
    if (!draft.value || busy.value) return false
    said.value = ''
    faults.value = { ...checkForm(fields.value.base, draft.value.base), ...checkForm(fields.value.ext, draft.value.ext, '/ext') }
    if (uploads.busy()) said.value = t('contribution.uploading')
    if (wrong.value || said.value) return false
    busy.value = true
    try {
      await send()
      if (timer !== null) clearTimeout(timer)
      keeping.value = ''
      dropDraft(draft.value.id)
      return true
    } catch (error) {
      await explain(error)
      return false
    } finally {
      busy.value = false
    }
  }

  /** An attempt whose outcome is unknown is settled first: after it the text that stands now goes over it. */
  async function send(): Promise<void> {
    const now = draft.value as ContributionDraft
    const { attempt, again } = nextAttempt(now, body())
    now.attempt = attempt
    keeping.value = 'keeping'
    keepNow()
    const made = now.content ? await api.handInAgain(now.content, attempt.body, attempt.rev, attempt.key) : await api.contribute(attempt.body, attempt.key)
    Object.assign(now, { attempt: null, content: made.content, rev: made.rev })
    if (again) await send()
  }

  async function explain(error: unknown): Promise<void> {
    const now = draft.value as ContributionDraft
    if (error instanceof Unreachable) {
      said.value = t('contribution.offline')
      return
    }
    if (!(error instanceof ApiProblem)) {
      said.value = (error as Error).message
      return
    }
    // It was refused: with another text it is another attempt. A broken server may have made it all the same.
    if (error.status < 500 && error.code !== 'conflict') now.attempt = null
    keeping.value = 'keeping'
    keepNow()
    faults.value = { ...faultsFrom(error.errors, fields.value.base), ...faultsFrom(error.errors, fields.value.ext, '/ext') }
    said.value = wrong.value ? '' : error.message
    if (error.status === 412 && now.content) {
      handedIn.value = await api.contribution(now.content).catch(() => handedIn.value)
      now.rev = handedIn.value?.rev ?? now.rev
      said.value = handedIn.value?.may_change === false ? t('contribution.shut', { reason: t(`contribution.state.${handedIn.value.state}`) }) : t('contribution.outdated')
    } else if (error.status === 422) {
      // The business may have changed its fields while this was written.
      form.value = await api.contributionForm(now.business, now.kind).catch(() => form.value)
    }
  }

  return { draft, form, handedIn, phase, shut, said, faults, wrong, busy, keeping, fields, uploads, load, change, keepNow, handIn }
}
