import { expect, test } from 'vitest'
import { changedNames, linesOf, nameOfField } from '@/format/audit'

test('keys and seals are told to nobody, fields of a business by any name are', () => {
  const change = { before: { key_hash: 'a', title: '旧', ext: { hash: '…' } }, after: { key_hash: 'b', key_sealed: 'c', title: '新', key_expires_at: 1, ext: { hash: '…' } } }
  expect(changedNames(change)).toEqual(['title', 'ext', 'key_expires_at'])
  expect(linesOf(change).map(({ name }) => name)).toEqual(['title', 'hash', 'key_expires_at'])
})

test('a field is called by its word, and by its key when it is a business’s own', () => {
  expect([nameOfField('key_expires_at'), nameOfField('roast_level')]).toEqual(['推流码到期', 'roast_level'])
})
