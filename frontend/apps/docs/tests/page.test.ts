import { expect, test } from 'vitest'
import { drawPage } from '../src/page'
import { TEXTS, type Texts } from '../src/texts'

const API = {
  info: { title: 'Kaibo', version: '0.1.0' },
  tags: [{ name: 'rooms', description: 'Places' }],
  paths: {
    '/v1/rooms/{room}': {
      get: { operationId: 'read_room', summary: 'Read a `room`', tags: ['rooms'], parameters: [{ name: 'room', in: 'path' as const, required: true }], responses: { '200': { description: '<b>bold</b>' } } },
    },
  },
  components: { schemas: {} },
  'x-errors': [{ code: 'not_found', status: 404, 'zh-CN': '没有找到。', en: 'Not found.' }],
}

const draw = (language: 'zh-CN' | 'en'): HTMLElement =>
  drawPage({ document: API, texts: TEXTS[language], language, origin: 'http://x', chooseLanguage: () => undefined })

test('every call and every error has its place in the address', () => {
  const page = draw('en')
  expect(page.querySelector('#read_room h3')?.textContent).toBe('Read a room')
  expect(page.querySelector('#not_found')?.textContent).toBe('not_found404Not found.')
  expect(page.querySelector('a[href="#read_room"]')).not.toBeNull()
})

test('searching leaves what matches in the list', () => {
  const page = draw('zh-CN')
  const field = page.querySelector<HTMLInputElement>('.search')!
  field.value = 'read_room'
  field.dispatchEvent(new Event('input'))
  expect([...page.querySelectorAll<HTMLAnchorElement>('.link')].filter(({ hidden }) => !hidden).map(({ hash }) => hash)).toEqual(['#read_room'])
  field.value = 'nothing like it'
  field.dispatchEvent(new Event('input'))
  expect(page.querySelector<HTMLElement>('.index__nothing')!.hidden).toBe(false)
})

test('both languages say the same things', () => {
  const shape = (texts: Texts) => [Object.keys(texts).sort(), texts.chapters.map(({ id, code }) => [id, code])]
  expect(shape(TEXTS.en)).toEqual(shape(TEXTS['zh-CN']))
})
