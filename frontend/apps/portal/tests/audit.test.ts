import { expect, test } from 'vitest'
import { changedNames, type Known, type Line, linesOf, nameOfField, NOTHING_KNOWN, told } from '@/format/audit'
import type { FieldSchema } from '@/format/modelSchema'
import { chooseLanguage } from '@/i18n'

const label = (zh: string, en: string) => ({ label: { zh, en } })
const KNOWN: Known = {
  noun: 'product',
  names: new Map([['acc_1', '陈澄']]),
  fields: {
    price: { kaibo: { type: 'money', ...label('售价', 'Price') } as never },
    options: {
      kaibo: { type: 'list', ...label('规格项', 'Options') },
      items: { kaibo: { type: 'group' }, properties: { name: { kaibo: { type: 'text', ...label('规格名', 'Option') } } } },
    } as FieldSchema,
  },
  ext: { roast: { kaibo: { type: 'choice', ...label('烘焙', 'Roast'), choices: { dark: { zh: '深', en: 'Dark' } } }, enum: ['dark'] } },
}
const inWords = ({ name, key, field, before, after }: Line): string[] => [name, told(before, key, field, KNOWN), told(after, key, field, KNOWN)]

test('keys and seals are told to nobody, fields of a business by any name are', () => {
  const change = { before: { key_hash: 'a', title: '旧', ext: { hash: '…' } }, after: { key_hash: 'b', key_sealed: 'c', title: '新', key_expires_at: 1, ext: { hash: '…' } } }
  expect(changedNames(change)).toEqual(['title', 'ext', 'key_expires_at'])
  expect(linesOf(change).map(({ pointer }) => pointer)).toEqual(['/title', '/ext/hash', '/key_expires_at'])
})

test('a field is called by its word, and by its key when nobody knows one', () => {
  expect([nameOfField('key_expires_at'), nameOfField('roast_level')]).toEqual(['推流码到期', 'roast_level'])
  expect(linesOf({ after: { ext: { roast: 'dark', other: 1 } } }, KNOWN).map(inWords)).toEqual([
    ['烘焙', '空', '深'],
    ['other', '空', '1'],
  ])
})

test('what is nested is told by its place, in words', () => {
  const before = { price: { amount: 3900, currency: 'CNY' }, options: [{ name: '色', values: ['白'] }], supplier: '' }
  const after = { price: { amount: 4250, currency: 'CNY' }, options: [{ name: '颜色', values: ['白'] }, { name: '尺寸', values: ['大', '小'] }], supplier: 'acc_1' }
  const lines = linesOf({ before, after }, KNOWN)
  expect(lines.map(({ pointer }) => pointer)).toEqual(['/price', '/options/0/name', '/options/1', '/supplier'])
  expect(lines.map(inWords)).toEqual([
    ['售价', '¥39', '¥42.5'],
    ['规格项 › 第 1 项 › 规格名', '色', '颜色'],
    ['规格项 › 第 2 项', '空', '规格名：尺寸；规格值：大、小'],
    ['供应商', '空', '陈澄'],
  ])
  chooseLanguage('en')
  expect(lines.map((line) => inWords(line)[1])[0]).toBe('¥39')
  expect(linesOf({ before, after }, KNOWN)[1]?.name).toBe('Options › No. 1 › Option')
  chooseLanguage('zh-CN')
})

test('items of a list are known by their ids, wherever they stand', () => {
  const sku = (id: string, code: string) => ({ id, code, surcharge: 100 })
  const lines = linesOf({ before: { skus: [sku('sku_1', 'a'), sku('sku_2', 'b')] }, after: { skus: [sku('sku_2', 'c')] } }, KNOWN)
  expect(lines.map(({ pointer, before, after }) => [pointer, before, after])).toEqual([
    ['/skus/0/code', 'b', 'c'],
    ['/skus/0', sku('sku_1', 'a'), undefined],
  ])
  expect(told(sku('sku_1', 'a'), 'skus', undefined, KNOWN)).toBe('商家编码：a；加价：¥1')
})

test('states, roles and times are told in words', () => {
  const program = { ...NOTHING_KNOWN, noun: 'program' }
  expect(told('live', 'state', undefined, program)).toBe('直播中')
  expect(told(['anchor'], 'roles', undefined, NOTHING_KNOWN)).toBe('主播')
  expect(told(1_700_000_000_000, 'starts_at', undefined, program)).toContain('11月')
  expect(told('a_state_of_tomorrow', 'state', undefined, program)).toBe('a_state_of_tomorrow')
})
