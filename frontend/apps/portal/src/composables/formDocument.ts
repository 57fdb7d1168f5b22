import { computed, type InjectionKey, proxyRefs, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue'
import { beginning, emptied, type FormField, type FormNote, having, type Holder, isEmpty, said, type Values, wired, type Wrong, wrongIn } from '@/format/modelSchema'
import { locale, type MessageKey, t } from '@/i18n'
import { useDetail } from './detail'
import { useForm } from './form'
import { api } from './session'
import { useSubmission } from './submission'
import { say, sayTrouble } from './toasts'
import { explain } from './trouble'

export interface Kept {
  id: string
  rev: number
}

interface Asked<T extends Kept> {
  /** Whose form it is: `GET /v1/forms/{noun}`. */
  noun: string
  /** Id of the document, or `new`. */
  id: string
  known?: () => T | undefined
  /** Where nothing reads it, what is known is all there is. */
  read?: (id: string) => Promise<T>
  create?: (values: Values, idempotencyKey: string) => Promise<T>
  /** Keeps what has changed. */
  edit?: (id: string, values: Values, rev: number) => Promise<T>
  /** What a new one begins with, beside the defaults. */
  begins?: Values
  /** A document as its form has it, where that is not `plain`. */
  values?: (document: T) => Values
  /** What is wrong beyond what the form tells of. */
  wrong?: (values: Values) => Record<string, string | false | undefined>
  /** Which fields are asked for, where the screen leaves some out. */
  shows?: (note: FormNote) => boolean
  /** Of what is there, only what no draft holds: the rest is edited as one. */
  aside?: boolean
  /** What is said of a new one; nothing where the screen says it. */
  created?: MessageKey
  /** What is done with a new one before it is shown. What fails then is told, and can be done on the document. */
  completed?: (document: T) => Promise<T>
  saved?: (document: T, isNew: boolean) => void
}

/** Names of what a document refers to, as it told them: whoever may not look them up reads them all the same. */
export const KNOWN_NAMES: InjectionKey<Ref<ReadonlyMap<string, string>>> = Symbol('known names')

const TAGS = 'tags'
const isNothing = (value: unknown): boolean => isEmpty(value) || value === false
const same = (a: unknown, b: unknown): boolean => (isNothing(a) && isNothing(b)) || JSON.stringify(a) === JSON.stringify(b)

/** A document as its form has it: whoever is shown with a name there is an id here. */
export function plain(document: object): Values {
  const idOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(idOf)
    if (value === null || typeof value !== 'object') return value
    return 'id' in value ? value.id : plain(value)
  }
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, idOf(value)]))
}

/** Everything in a document that has an id and a name. */
function namesIn(value: unknown, names = new Map<string, string>()): Map<string, string> {
  if (value === null || typeof value !== 'object') return names
  if ('id' in value && 'name' in value && typeof value.name === 'string') names.set(String(value.id), value.name)
  for (const one of Object.values(value)) namesIn(one, names)
  return names
}

/** What is wrong, in the words of the form or, where it has none, in those the server would use. */
export function inWords({ field, why }: Wrong): string {
  if (why === 'number') return t('model.number.wrong')
  if (field.kaibo.wrong) return said(field.kaibo.wrong, locale.value)
  if (why === 'required') return t('field.required')
  if (why === 'pattern') return t('field.wrong')
  const bound = String(field[why])
  return explain({ expected: why === 'minLength' ? `at least ${bound} characters` : why === 'minimum' ? `at least ${bound}` : `at most ${bound}`, got: '' })
}

/**
 * A document that is written through its form. An edit sends only what has changed, on the revision it was read at; what
 * somebody else saved meanwhile is told, and taken over on demand. Rooms, programs and contents are kept in up to three
 * steps, base fields, tags, own fields, each on the revision that the one before made: what was kept stays when a later
 * one is refused, and saving again goes on from there.
 */
export function useFormDocument<T extends Kept>(asked: Asked<T>) {
  const isNew = asked.id === 'new'
  const { form, trouble: formless, load } = useForm(() => asked.noun)
  const { item, trouble: unread, loading, reload: readAnew, put } = useDetail<T>(
    () => (isNew ? '' : asked.id),
    asked.read ?? (async () => asked.known!()!),
    () => asked.known?.(),
  )
  const { busy, trouble, fields, submit, check, clear } = useSubmission()

  /** What the form was filled from: what an edit is based on. */
  const basis: ShallowRef<T | null> = shallowRef(null)
  const values = ref<Values>({ ...asked.begins })
  const was = shallowRef<Values>({})
  const ext = ref<Values>({})
  const extWas = shallowRef<Values>({})
  const valuesOf = (document: T): Values => asked.values?.(document) ?? plain(document)

  const schema = computed<Holder | null>(() => form.value && having(form.value.base, isShown))
  const extension = computed(() => (asked.aside && !isNew ? null : (form.value?.extension ?? null)))
  const isShown = (note: FormNote): boolean =>
    note.given !== (isNew ? 'later' : 'once') && (isNew || !asked.aside || Boolean(note.aside)) && (asked.shows?.(note) ?? true)
  const told = (written: Values): Values => mapped(schema.value, (key, field) => toldOf(field, written[key]))
  const edit = computed<Values>(() => {
    const [now, before] = [told(values.value), told(was.value)]
    return Object.fromEntries(Object.entries(now).filter(([key, value]) => key !== TAGS && !same(value, before[key])))
  })
  const retagged = computed(() => TAGS in (schema.value?.properties ?? {}) && !same(values.value[TAGS], was.value[TAGS]))
  const extended = computed(() => !same(ext.value, extWas.value))
  const changed = computed(() => (basis.value === null ? isNew : Object.keys(edit.value).length > 0 || retagged.value || extended.value))
  const names = computed<ReadonlyMap<string, string>>(() => namesIn(basis.value))

  /** What was kept of the base fields is what edits are compared to from now on. */
  function settle(document: T): void {
    basis.value = document
    was.value = { ...valuesOf(document), [TAGS]: was.value[TAGS] }
  }

  /** Shows what was just saved, or what somebody else saved meanwhile. */
  function take(document: T): void {
    put(document)
    fill(document)
  }
  function fill(document: T): void {
    values.value = valuesOf(document)
    was.value = valuesOf(document)
    basis.value = document
  }

  /** A newer revision fills the form only while nothing has been typed into it. */
  watch(item, (document) => document && (!basis.value || !changed.value) && fill(document), { immediate: true })

  /** What is new begins with what the models say; what is there has its own fields under the newest version. */
  watch(
    [form, basis],
    async ([made, document]) => {
      if (!made) return
      if (!document) {
        values.value = { ...beginning(schema.value ?? {}), ...values.value }
        ext.value = { ...beginning(extension.value ?? {}), ...ext.value }
        return
      }
      if (!extension.value || extended.value) return
      const read = await api.modelling.extension(document.id).catch(() => undefined)
      if (!read || basis.value !== document) return
      extWas.value = read.model === '' ? beginning(extension.value) : read.model === read.latest ? read.ext : read.carried
      ext.value = extWas.value
    },
    { immediate: true },
  )

  function isRight(): boolean {
    if (!schema.value) return false
    const own = extension.value && (isNew || extended.value) ? wrongIn(extension.value, ext.value, 'ext') : []
    const found = [...wrongIn(schema.value, told(values.value)), ...own].map((one) => [one.place, inWords(one)])
    return check({ ...Object.fromEntries(found), ...asked.wrong?.(values.value) })
  }

  async function save(): Promise<T | undefined> {
    if (!isRight()) return undefined
    const saved = await submit((key) => (isNew ? asked.create!(edit.value, key) : keep()))
    if (!saved) return undefined
    const whole = isNew ? await complete(saved) : saved
    if (!isNew || asked.created) say(t(isNew ? asked.created! : 'form.saved'))
    if (!isNew) take(whole)
    asked.saved?.(whole, isNew)
    return whole
  }

  async function keep(): Promise<T> {
    const before = basis.value!
    if (Object.keys(edit.value).length) settle(await asked.edit!(before.id, edit.value, before.rev))
    return (basis.value = await keepRest(basis.value!))
  }

  /** Keeps tags and the business's own fields where they have changed; gives the document as it is then. */
  async function keepRest(document: T): Promise<T> {
    let now = document
    if (retagged.value) {
      const { rev, tags } = await api.modelling.giveTags(now.id, (values.value[TAGS] as string[] | undefined) ?? [], now.rev)
      now = { ...now, rev, tags }
      was.value = { ...was.value, [TAGS]: tags }
    }
    if (extended.value) {
      const { rev } = await api.modelling.putExtension(now.id, ext.value, now.rev)
      now = { ...now, rev }
      extWas.value = ext.value
    }
    return now
  }

  /** It is there already: what fails is told and can be set on the document itself. */
  async function complete(made: T): Promise<T> {
    let now = made
    try {
      now = await keepRest(now)
      return (await asked.completed?.(now)) ?? now
    } catch (error) {
      sayTrouble(error)
      return now
    }
  }

  /** Reads the newest and fills the form with it: what was typed is lost. */
  async function takeOver(): Promise<void> {
    await readAnew()
    if (!item.value) return
    extWas.value = ext.value
    take(item.value)
    clear()
    asked.saved?.(item.value, false)
  }

  /** Something beside the form made a revision: what is typed goes on from there. */
  function rebase(document: T): void {
    put(document)
    basis.value = document
  }

  const reload = async (): Promise<void> => void (await Promise.all([formless.value ? load() : undefined, unread.value ? readAnew() : undefined]))
  const missing = computed(() => (form.value ? null : formless.value) ?? (isNew || item.value ? null : unread.value))

  return proxyRefs({
    noun: asked.noun, isNew, form, schema, extension, values, ext, edit, changed, names,
    item, loading, basis, missing, reload, take, rebase, takeOver,
    busy, trouble, fields, submit, save, clear,
  })
}

/** A document's form, as components take it. */
export type FormDocument = Omit<ReturnType<typeof useFormDocument<Kept>>, 'item' | 'basis' | 'take' | 'rebase' | 'edit'>

const mapped = (holder: Holder | null, of: (key: string, field: FormField) => unknown): Values =>
  Object.fromEntries(Object.entries(holder?.properties ?? {}).map(([key, field]) => [key, of(key, field)]))

function toldOf(field: FormField, value: unknown): unknown {
  const sent = wired(field, value)
  return sent === undefined || sent === null ? emptied(field) : sent
}
