import { ApiProblem, type Page, Unreachable } from '@kaibo/client'
import { expect, test } from 'vitest'
import { usePages } from '@/composables/pages'

interface Row {
  id: string
  name?: string
}

/** A server that answers when it is told to. */
function questions() {
  const open: { cursor: string | null; answer: (page: Page<Row>) => void; refuse: (error: unknown) => void }[] = []
  const read = (cursor: string | null): Promise<Page<Row>> =>
    new Promise((answer, refuse) => {
      open.push({ cursor, answer, refuse })
    })
  return { open, read }
}

const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id }))
const ids = (list: Row[]): string[] => list.map(({ id }) => id)

test('pages follow each other by cursor and a row is never there twice', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const first = pages.reload()
  expect(pages.loading.value).toBe(true)
  server.open[0]!.answer({ items: rows('a', 'b'), next_cursor: 'after-b' })
  await first
  expect(pages.loading.value).toBe(false)

  const second = pages.more()
  expect(server.open[1]!.cursor).toBe('after-b')
  server.open[1]!.answer({ items: rows('b', 'c'), next_cursor: null })
  await second
  expect(ids(pages.items.value)).toEqual(['a', 'b', 'c'])
  expect(pages.hasMore.value).toBe(false)

  await pages.more()
  expect(server.open).toHaveLength(2)
})

test('a second wish for more while one is under way asks nothing', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const first = pages.reload()
  server.open[0]!.answer({ items: rows('a'), next_cursor: 'x' })
  await first
  void pages.more()
  void pages.more()
  expect(server.open).toHaveLength(2)
})

test('the answer to an older question is dropped', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const old = pages.reload()
  const latest = pages.reload()
  server.open[1]!.answer({ items: rows('new'), next_cursor: null })
  await latest
  server.open[0]!.answer({ items: rows('old'), next_cursor: null })
  await old
  expect(ids(pages.items.value)).toEqual(['new'])
})

test('a list that can not be read says why, and reads again', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const first = pages.reload()
  server.open[0]!.refuse(new ApiProblem({ type: '', title: '您没有权限进行此操作。', status: 403, code: 'not_allowed' }))
  await first
  expect(pages.trouble.value).toMatchObject({ kind: 'not_allowed', title: '您没有权限进行此操作。' })

  const again = pages.reload()
  server.open[1]!.answer({ items: rows('a'), next_cursor: null })
  await again
  expect(pages.trouble.value).toBeNull()
  expect(ids(pages.items.value)).toEqual(['a'])
})

test('a refresh keeps the pages that were read on, and a failed one changes nothing', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const first = pages.reload()
  server.open[0]!.answer({ items: rows('b', 'c'), next_cursor: 'after-c' })
  await first
  const second = pages.more()
  server.open[1]!.answer({ items: rows('d'), next_cursor: null })
  await second

  const refresh = pages.refresh()
  server.open[2]!.answer({ items: [{ id: 'a' }, { id: 'b', name: 'changed' }], next_cursor: 'after-b' })
  await refresh
  expect(ids(pages.items.value)).toEqual(['a', 'b', 'c', 'd'])
  expect(pages.items.value[1]!.name).toBe('changed')

  const failing = pages.refresh()
  server.open[3]!.refuse(new Unreachable('gone'))
  await failing
  expect(ids(pages.items.value)).toEqual(['a', 'b', 'c', 'd'])
  expect(pages.trouble.value).toBeNull()
})

test('what was written is shown in its place, or on top when it is new', async () => {
  const server = questions()
  const pages = usePages(server.read)
  const first = pages.reload()
  server.open[0]!.answer({ items: rows('a', 'b'), next_cursor: null })
  await first
  pages.put({ id: 'b', name: 'edited' })
  pages.put({ id: 'c' })
  expect(ids(pages.items.value)).toEqual(['c', 'a', 'b'])
  expect(pages.items.value[2]!.name).toBe('edited')
})
