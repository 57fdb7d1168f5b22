import { expect, test, vi } from 'vitest'
import type { Draft } from '@/api/drafts'
import { useBulk, worked } from '@/composables/bulk'
import { stepsFor } from '@/composables/draftSteps'
import { useSelection } from '@/composables/selection'
import { fieldsOf, tell } from '@/format/fields'
import { asListing, chosenColumns, filtersIn, same } from '@/format/library'

const FIELDS = fieldsOf({
  properties: {
    tier: { type: 'string', enum: ['gold'], kaibo: { id: 'tier', type: 'choice', label: { zh: '等级', en: 'Tier' }, choices: { gold: { zh: '金', en: 'Gold' } }, filterable: true, listed: true } },
    size: { type: 'integer', kaibo: { id: 'size', type: 'integer', label: { zh: '大小', en: 'Size' }, unit: 'ml', filterable: true } },
    hot: { type: 'boolean', kaibo: { id: 'hot', type: 'boolean', label: { zh: '热', en: 'Hot' }, filterable: true } },
    note: { type: 'string', kaibo: { id: 'note', type: 'text', label: { zh: '备注', en: 'Note' } } },
  },
})

test('an address is asked of the server as base and extension fields', () => {
  const query = filtersIn({ kind: 'clip', state: 'published,withdrawn', q: '茶', open: 'cnt_1', 'x-tier': 'gold', 'x-hot': 'true', 'x-size-from': '3', 'x-note': '不能筛' })
  expect(query).not.toHaveProperty('open')
  expect(asListing('contents', query, FIELDS)).toMatchObject({
    kind: 'clip',
    state: ['published', 'withdrawn'],
    words: '茶',
    equal: { tier: ['gold'], hot: [true] },
    within: { size: { at_least: 3, at_most: null } },
    sort: 'size',
  })
})

test('views are the same when their filters are, in whatever order', () => {
  expect(same({ a: '1', b: '2' }, { b: '2', a: '1' })).toBe(true)
  expect(same({ a: '1' }, { a: '1', b: '2' })).toBe(false)
})

test('a list of one kind shows its own fields and not what its documents have not', () => {
  expect(chosenColumns('contents', FIELDS, [], 'article').map(({ key }) => key)).toEqual(['title', 'state', 'work', 'x-tier', 'updated'])
  expect(chosenColumns('rooms', [], ['updated', 'gone']).map(({ key }) => key)).toEqual(['title', 'updated'])
})

test('values are told in words', () => {
  const [tier, size, hot] = FIELDS
  expect([tell(tier!, 'gold'), tell(size!, 3), tell(hot!, false)]).toEqual(['金', '3 ml', '否'])
})

test('a span takes all rows from the one before', () => {
  const selection = useSelection(() => ['a', 'b', 'c', 'd'].map((id) => ({ id })))
  selection.toggle('b')
  selection.toggle('d', true)
  expect([...selection.ids.value]).toEqual(['b', 'c', 'd'])
  selection.toggle('c')
  expect([...selection.ids.value]).toEqual(['b', 'd'])
})

test('one row that fails stops no other, and says why', async () => {
  const bulk = useBulk()
  const run = await bulk.run('下架', [{ id: 'a', title: 'A' }, { id: 'b', title: 'B' }], vi.fn(async (id: string) => {
    if (id === 'a') throw new Error('no')
  }))
  expect(worked(run)).toEqual(['b'])
  expect(bulk.report.value?.results.map(({ reason }) => Boolean(reason))).toEqual([true, false])
})

const draft = (state: Draft['state'], authors: string[] = []): Draft => ({ state, authors: authors.map((id) => ({ id, name: id })) }) as unknown as Draft

test('who wrote a draft does not approve it where another person has to', () => {
  expect(stepsFor(draft('submitted', ['me']), 'other_person', 'me', true, true)).toEqual(['withdraw'])
  expect(stepsFor(draft('submitted', ['her']), 'other_person', 'me', false, true)).toEqual(['approve', 'send_back'])
  expect(stepsFor(draft('editing', ['me']), 'other_person', 'me', true, true)).toEqual(['submit', 'discard'])
  expect(stepsFor(draft('editing', ['me']), 'none', 'me', true, true)).toEqual(['publish', 'submit', 'discard'])
  expect(stepsFor(draft('clean'), 'none', 'me', true, true)).toEqual([])
})
