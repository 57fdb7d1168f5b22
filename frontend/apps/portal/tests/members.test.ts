import { expect, test } from 'vitest'
import { joinLink, readingScopes, scopeGroups } from '@/format/members'

test('scopes stand by their noun, reading first', () => {
  expect(scopeGroups(['rooms.edit', 'contents.publish', 'rooms.read', 'rooms.create'])).toEqual([
    { noun: 'contents', scopes: [{ name: 'contents.publish', verb: 'publish' }] },
    {
      noun: 'rooms',
      scopes: [
        { name: 'rooms.read', verb: 'read' },
        { name: 'rooms.create', verb: 'create' },
        { name: 'rooms.edit', verb: 'edit' },
      ],
    },
  ])
})

test('what only reads is told from what changes something', () => {
  expect(readingScopes(['rooms.read', 'rooms.edit', 'library.search', 'readers.admit'])).toEqual(['rooms.read', 'library.search'])
})

test('the token of a link stands where no server sees it', () => {
  const link = new URL(joinLink('https://kaibo.test', 'kbi_x'))
  expect([link.pathname, link.search, link.hash]).toEqual(['/portal/join', '', '#kbi_x'])
})
