import { computed, type ComputedRef, type Ref, ref, shallowRef, watch } from 'vue'
import type { Layer, LayerForm } from '@/api/models'
import { beginning, type FieldSchema, isEmpty, missingIn, type Values } from '@/format/modelSchema'
import { t } from '@/i18n'
import { useLayerForm } from './layerForm'
import { api } from './session'
import type { Trouble } from './trouble'

interface Kept {
  id: string
  rev: number
}

export interface LayerDocument {
  form: Ref<LayerForm | null>
  trouble: Ref<Trouble | null>
  load: () => Promise<void>
  /** Base fields, by their names in the model. */
  values: Ref<Values>
  /** Fields of the business. */
  ext: Ref<Values>
  /** Base fields that are not as they were, as the server takes them; tags go a way of their own. */
  edit: ComputedRef<Values>
  changed: ComputedRef<boolean>
  /** Writes a document into the fields. */
  fill: (document: Kept) => void
  /** What was kept of the base fields is what edits are compared to from now on. */
  settle: (document: Kept) => void
  /** What is wrong with what was typed, by place. */
  wrong: () => Record<string, string>
  /** Keeps tags and the business's own fields where they have changed; gives the document as it is then. */
  keepRest: <T extends Kept>(document: T) => Promise<T>
}

const TAGS = 'tags'
const isNothing = (value: unknown): boolean => isEmpty(value) || value === false
const same = (a: unknown, b: unknown): boolean => (isNothing(a) && isNothing(b)) || JSON.stringify(a) === JSON.stringify(b)

/** A room or program as its form has it: whoever is shown with a name there is an id here. */
export function plain(document: object): Values {
  const idOf = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(idOf)
    return value !== null && typeof value === 'object' && 'id' in value ? value.id : value
  }
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, idOf(value)]))
}

/** A value as it goes over the wire: texts without blanks around them, what was emptied as its type has it. */
function sent(field: FieldSchema, value: unknown): unknown {
  if (typeof value === 'string') return value.trim()
  if (value !== undefined && value !== null) return value
  return field.type === 'array' ? [] : field.type === 'boolean' ? false : ''
}

/** The form of a room or a program, made from the base model of its layer and the model of the business. */
export function useLayerDocument(layer: Layer): LayerDocument {
  const { form, trouble, load } = useLayerForm(() => layer)
  const values = ref<Values>({})
  const ext = ref<Values>({})
  const was = shallowRef<Values>({})
  const extWas = shallowRef<Values>({})
  const kept = shallowRef<Kept | null>(null)

  const told = computed<Values>(() => Object.fromEntries(Object.entries(form.value?.base.properties ?? {}).map(([key, field]) => [key, sent(field, values.value[key])])))
  const edit = computed<Values>(() => Object.fromEntries(Object.entries(told.value).filter(([key, value]) => key !== TAGS && !same(value, was.value[key]))))
  const retagged = computed(() => !same(values.value[TAGS], was.value[TAGS]))
  const extended = computed(() => !same(ext.value, extWas.value))
  const changed = computed(() => Object.keys(edit.value).length > 0 || retagged.value || extended.value)

  function settle(document: Kept): void {
    was.value = { ...plain(document), [TAGS]: was.value[TAGS] }
  }
  function fill(document: Kept): void {
    values.value = plain(document)
    was.value = plain(document)
    kept.value = document
  }

  /** What is new begins with what the models say; what is there has its own fields under the newest version. */
  watch(
    [form, kept],
    async ([made, document]) => {
      if (!made) return
      if (!document) {
        values.value = { ...beginning(made.base), ...values.value }
        ext.value = { ...beginning(made.extension ?? {}), ...ext.value }
        return
      }
      if (!made.extension) return
      const read = await api.modelling.extension(document.id).catch(() => undefined)
      if (!read || kept.value !== document) return
      extWas.value = read.model === '' ? beginning(made.extension) : read.model === read.latest ? read.ext : read.carried
      ext.value = extWas.value
    },
    { immediate: true },
  )

  function wrong(): Record<string, string> {
    if (!form.value) return {}
    const missing = missingIn(form.value.base, told.value)
    const own = form.value.extension && (!kept.value || extended.value) ? missingIn(form.value.extension, ext.value, 'ext') : []
    return Object.fromEntries([...missing, ...own].map(({ place, why }) => [place, t(why === 'number' ? 'model.number.wrong' : 'field.required')]))
  }

  async function keepRest<T extends Kept>(document: T): Promise<T> {
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

  return { form, trouble, load, values, ext, edit, changed, fill, settle, wrong, keepRest }
}
