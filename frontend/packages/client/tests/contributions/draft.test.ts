import { expect, test } from 'vitest'
import { isBlank, MAX_DRAFTS, newDraft, nextAttempt, restoreDrafts, withDraft } from '../../src'

const draft = (id: string) => ({ ...newDraft({ business: 'biz_1', businessName: '云店', kind: 'article' }), id })

test('drafts survive being kept; what is no draft is left out', () => {
  const kept = [draft('a'), draft('b')]
  expect(restoreDrafts(JSON.stringify([...kept, { id: 3 }, null, 'x', { ...draft('c'), kind: 'clip' }]))).toEqual(kept)
  for (const damaged of ['{', '{}', '', null, undefined]) expect(restoreDrafts(damaged)).toEqual([])
})

test('the newest is first, one stands once, and they are not without number', () => {
  const several = Array.from({ length: MAX_DRAFTS + 3 }, (_, n) => draft(String(n))).reduce(withDraft, [] as ReturnType<typeof restoreDrafts>)
  expect(several).toHaveLength(MAX_DRAFTS)
  expect(several[0]?.id).toBe(String(MAX_DRAFTS + 2))
  expect(withDraft(several, { ...several[3]!, rev: 7 }).filter(({ id }) => id === several[3]!.id)).toHaveLength(1)
})

test('nothing written is nothing to keep', () => {
  expect(isBlank({ ...draft('a'), base: { title: '', pictures: [], cover: null }, ext: { agreed: false } })).toBe(true)
  expect(isBlank({ ...draft('a'), base: { title: '晒' } })).toBe(false)
  expect(isBlank({ ...draft('a'), attempt: { key: 'k', body: '{}', rev: 0 } })).toBe(false)
})

test('an attempt without an answer is repeated to the letter before anything else is sent', () => {
  const first = nextAttempt(draft('a'), '{"title":"1"}')
  expect(first).toMatchObject({ attempt: { body: '{"title":"1"}', rev: 0 }, again: false })
  const lost = { ...draft('a'), attempt: first.attempt }
  expect(nextAttempt(lost, '{"title":"1"}')).toEqual({ attempt: first.attempt, again: false })
  expect(nextAttempt(lost, '{"title":"2"}')).toEqual({ attempt: first.attempt, again: true })
})
