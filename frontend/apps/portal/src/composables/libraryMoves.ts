import type { Extension, LibraryRow, Noun } from '@/api/library'
import { type Field, inWords } from '@/format/fields'
import { t } from '@/i18n'
import { type BulkRun, useBulk, worked } from './bulk'
import { confirm } from './confirm'
import { api } from './session'
import { say } from './toasts'

interface Move {
  label: string
  did: string
  /** Asked about before it is done. */
  ask?: string
  danger?: boolean
  act: (id: string) => Promise<unknown>
  /** Takes it back for one row. */
  undo?: (id: string) => Promise<unknown>
}

/** What can be done with several rows at once, and how it is taken back. */
export function useLibraryMoves(noun: Noun, rows: () => LibraryRow[], changed: () => Promise<void>) {
  const bulk = useBulk()
  let again: ((ids: string[]) => Promise<void>) | null = null

  const moves: Record<string, Move> = {
    submit: { label: t('draft.do.submit'), did: 'library.did.submit', act: (id) => sendOn(id, api.drafts.submit), undo: (id) => sendOn(id, api.drafts.withdraw) },
    publish: { label: t('contents.publish'), did: 'library.did.publish', act: api.publishContent, undo: api.withdrawContent },
    withdraw: { label: t('contents.withdraw'), did: 'library.did.withdraw', ask: t('library.ask.withdraw'), danger: true, act: api.withdrawContent, undo: api.publishContent },
    open: { label: t('clerk.open'), did: 'library.did.open', act: api.openProgram },
    cancel: { label: t('program.cancel'), did: 'library.did.cancel', ask: t('library.ask.cancel'), danger: true, act: api.cancelProgram },
  }
  const offered = { contents: ['submit', 'publish', 'withdraw'], programs: ['submit', 'open', 'cancel'], rooms: ['submit'] }[noun]

  /** Does a move with the named rows; what worked can be taken back from the message that says so. */
  async function perform(move: Move, ids: string[]): Promise<void> {
    const named = rows().filter(({ id }) => ids.includes(id))
    if (move.ask) {
      const titles = named.slice(0, 3).map(({ title }) => `“${title}”`).join(t('list.and'))
      const body = `${t('library.ask.these', { n: named.length, titles })}${named.length > 3 ? '…' : ''} ${move.ask}`
      const sure = await confirm({ title: t('library.ask.title', { move: move.label, n: named.length }), body, yes: move.label, danger: move.danger })
      if (sure === null) return
    }
    again = (failed) => perform({ ...move, ask: undefined }, failed)
    const run = await bulk.run(move.label, named, move.act)
    tell(run, move)
    await changed()
  }

  function tell(run: BulkRun, move: Move): void {
    const good = worked(run)
    if (!good.length) return
    const { undo } = move
    const text = t(move.did as 'library.did.publish', { n: good.length })
    say(text, false, undo && { text: t('library.undo'), act: () => takeBack(run, good, undo) })
  }

  async function takeBack(run: BulkRun, ids: string[], undo: (id: string) => Promise<unknown>): Promise<void> {
    const back = await bulk.run(t('library.undo'), run.results.filter(({ id }) => ids.includes(id)), undo)
    if (worked(back).length) say(t('library.undone', { n: worked(back).length }))
    await changed()
  }

  /** One field of all rows gets one value; taking it back gives each row what it had. */
  async function setField(field: Field, value: unknown, ids: string[]): Promise<void> {
    const before = new Map<string, Extension>()
    const write = async (id: string, make: (was: Extension) => Record<string, unknown>): Promise<void> => {
      const was = await api.library.extension(id)
      if (!before.has(id)) before.set(id, was)
      await api.library.putExtension(id, make(was), was.rev)
    }
    const now = (was: Extension): Record<string, unknown> => (was.model && was.model !== was.latest ? was.carried : was.ext) as Record<string, unknown>
    const move: Move = {
      label: t('library.bulk.field.of', { field: inWords(field.label) }),
      did: 'library.did.field',
      act: (id) => write(id, (was) => withValue(now(was), field.key, value)),
      undo: (id) => write(id, () => now(before.get(id) as Extension)),
    }
    await perform(move, ids)
  }

  return {
    bulk,
    actions: offered.map((key) => ({ key, label: moves[key]?.label ?? key, danger: moves[key]?.danger })),
    act: async (key: string, ids: string[]): Promise<void> => {
      const move = moves[key]
      if (move) await perform(move, ids)
    },
    setField,
    tryAgain: async (ids: string[]): Promise<void> => again?.(ids),
  }
}

/** A step of a draft, over the revision that is there now. */
const sendOn = async (id: string, step: (id: string, rev: number) => Promise<unknown>): Promise<unknown> => step(id, (await api.drafts.read(id)).rev)

const withValue = (ext: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> => {
  const { [key]: _was, ...others } = ext
  return value === undefined ? others : { ...others, [key]: value }
}
