import { reactive, ref, watch } from 'vue'
import type { Entry } from '@/api/bulk'
import { LAYERS } from '@/api/models'
import { type Known, NOTHING_KNOWN } from '@/format/audit'
import type { FormSchema, ModelSchema } from '@/format/modelSchema'
import { locale } from '@/i18n'
import { nameOf, type ReferenceKind } from './references'
import { api } from './session'

/** What ids are of, by how they begin. */
const NOUNS: Record<string, string> = { rm: 'room', prg: 'program', prd: 'product', sto: 'store', crt: 'creator', biz: 'business', key: 'key', acc: 'member', cnt: 'content', ord: 'order' }
/** As what they are asked for by name, where that is called otherwise; what is of no noun is a tag. */
const KINDS: Record<string, ReferenceKind> = { content: 'video', '': 'tag_category' }
const CONTENTS = LAYERS.filter((layer) => layer !== 'room' && layer !== 'program')
const NAMED = /^(acc|rm|prg|prd|sto|crt|cnt|tag)_[0-9a-z]{10,40}$/
/** Things that are asked for by name; the others of a long entry keep their ids. */
const MOST = 40

export const nounOf = (id: string): string => NOUNS[id.split('_', 1)[0] ?? ''] ?? ''

const forms = new Map<string, Promise<{ base: FormSchema['properties']; own: ModelSchema['properties'] }>>()

/** Asked once for each noun of a business. */
function formOf(noun: string, business: string) {
  const key = `${noun}:${business}`
  const asked = forms.get(key) ?? api.modelling.form(noun, business).then(({ base, extension }) => ({ base: base.properties, own: extension?.properties ?? {} }))
  forms.set(key, asked)
  asked.catch(() => forms.delete(key))
  return asked
}

function idsIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    if (NAMED.test(value)) found.add(value)
  } else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) idsIn(one, found)
  return found
}

/** What the documents of an entry's changes are known by; it comes in as it is found, and what is not found stays an id. */
export function useAuditWords(entry: () => Entry) {
  const names = reactive(new Map<string, string>())
  const known = ref<Record<string, Known>>({})

  async function learn(document: string, business: string, kind: unknown): Promise<void> {
    const noun = nounOf(document)
    known.value = { ...known.value, [document]: { ...NOTHING_KNOWN, noun, names } }
    const nouns = noun === 'content' ? (LAYERS.some((layer) => layer === kind) ? [String(kind)] : CONTENTS) : noun ? [noun] : []
    const found = await Promise.all(nouns.map((one) => formOf(one, business).catch(() => ({ base: {}, own: {} }))))
    const [fields, ext] = [Object.assign({}, ...found.map(({ base }) => base)), Object.assign({}, ...found.map(({ own }) => own))]
    known.value = { ...known.value, [document]: { fields, ext, noun, names } }
  }

  async function name(ids: string[], business: string): Promise<void> {
    if (business && ids.some((id) => nounOf(id) === 'member')) {
      const members = await api.people.members(business).catch(() => null)
      for (const one of members?.items ?? []) names.set(one.id, one.name)
    }
    await Promise.all(
      ids.filter((id) => nounOf(id) !== 'member').map(async (id) => {
        const noun = nounOf(id)
        const title = await nameOf(KINDS[noun] ?? (noun as ReferenceKind), id).catch(() => '')
        if (title) names.set(id, title)
      }),
    )
  }

  watch(
    [entry, locale],
    ([{ target, business, before, after, also, data }]) => {
      void learn(target, business, after.kind ?? before.kind)
      for (const one of also) void learn(one.document, business, one.after?.kind)
      void name([...idsIn([before, after, also, data])].slice(0, MOST), business)
    },
    { immediate: true },
  )

  return { names, knownOf: (document: string): Known => known.value[document] ?? NOTHING_KNOWN }
}
