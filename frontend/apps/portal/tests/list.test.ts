import { ApiProblem, type Page } from '@kaibo/client'
import { expect, test, vi } from 'vitest'
import type { Component } from 'vue'
import DataList from '@/components/DataList.vue'
import { usePages } from '@/composables/pages'
import { settle, show as mount } from './screen'

vi.stubGlobal(
  'IntersectionObserver',
  class {
    observe = (): void => undefined
    disconnect = (): void => undefined
  },
)

interface Row {
  id: string
}

function show(read: () => Promise<Page<Row>>) {
  const pages = usePages<Row>(read)
  const onOpen = vi.fn()
  const list = mount(
    DataList as unknown as Component,
    { pages, columns: [{ key: 'id', label: '编号' }], open: '', label: '表', onOpen },
    { cell: ({ item }: { item: Row }) => item.id, empty: () => '这里还没有东西' },
  )
  return { list, pages, onOpen }
}

test('first a skeleton, then rows; Enter opens, arrows walk', async () => {
  const { list, pages, onOpen } = show(async () => ({ items: [{ id: 'a' }, { id: 'b' }], next_cursor: null }))
  expect(list.has('skeleton')).toBe(true)
  await pages.reload()
  await settle()
  const rows = list.all('row')
  expect(rows.map((row) => row.textContent)).toEqual(['a', 'b'])

  rows[0]!.focus()
  rows[0]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }))
  expect(document.activeElement).toBe(rows[1])
  rows[1]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }))
  expect(onOpen.mock.calls).toEqual([[{ id: 'b' }]])
  expect(list.has('more')).toBe(false)
})

test('an empty list tells the first step', async () => {
  const { list, pages } = show(async () => ({ items: [], next_cursor: null }))
  await pages.reload()
  await settle()
  expect(list.root.textContent?.trim()).toBe('这里还没有东西')
})

test('a list that fails says why and tries again when asked', async () => {
  let fails = true
  const { list, pages } = show(async () => {
    if (fails) throw new ApiProblem({ type: '', title: '服务暂时不可用，请稍后再试。', status: 503, code: 'unavailable' })
    return { items: [{ id: 'a' }], next_cursor: 'next' }
  })
  await pages.reload()
  await settle()
  expect(list.text('trouble')).toContain('服务暂时不可用')
  fails = false
  await list.tap('retry')
  expect(list.all('row')).toHaveLength(1)
  expect(list.text('more')).toBe('加载更多')
})

test('who may not see a list is told, without a button that can not help', async () => {
  const { list, pages } = show(async () => {
    throw new ApiProblem({ type: '', title: '您没有权限进行此操作。', status: 403, code: 'not_allowed' })
  })
  await pages.reload()
  await settle()
  expect(list.root.textContent).toContain('请换一个有权限的账号')
  expect(list.has('retry')).toBe(false)
})
