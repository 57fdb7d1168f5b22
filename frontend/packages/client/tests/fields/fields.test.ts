import { expect, test } from 'vitest'
import { checkForm, faultsFrom, type FieldSchema, type FormPicture, fromForm, newPicture, readFields, toForm } from '../../src'

const field = (type: string, more: FieldSchema = {}): FieldSchema => ({ ...more, kaibo: { type, label: { zh: type, en: type }, ...more.kaibo } })
const shots = field('list', { maxItems: 2, items: field('group', { properties: { key: field('image'), caption: field('text', { maxLength: 200 }) } }) })
const MODEL = {
  required: ['title', 'age', 'agreed'],
  properties: {
    title: field('text', { minLength: 2, maxLength: 10 }),
    intro: field('text', { maxLength: 500 }),
    body: field('rich_text'),
    age: field('integer', { minimum: 1, maximum: 9 }),
    agreed: field('boolean'),
    taste: field('choice', { enum: ['a', 'b'] }),
    tastes: field('choices', { maxItems: 2, items: { enum: ['a', 'b'] } }),
    day: field('date'),
    at: field('time'),
    link: field('url'),
    cover: field('image'),
    album: field('list', { items: field('image') }),
    pictures: shots,
    cup: field('product'),
    parts: field('list', { items: field('integer') }),
  },
}
const FIELDS = readFields(MODEL)
const fits = { title: '晒单', age: 3, agreed: true }
const codes = (form: Parameters<typeof checkForm>[1]): Record<string, string> =>
  Object.fromEntries(Object.entries(checkForm(FIELDS, form)).map(([at, { code }]) => [at, code]))

test('every kind has what it is filled in with, and what nothing fills in is known to be so', () => {
  expect(FIELDS.map(({ control }) => control)).toEqual(['line', 'lines', 'rich', 'number', 'switch', 'choice', 'choices', 'date', 'time', 'line', 'picture', 'pictures', 'pictures', 'unknown', 'unknown'])
  expect(FIELDS.find(({ key }) => key === 'pictures')?.parts).toEqual({ image: 'key', text: 'caption' })
  expect(FIELDS.find(({ key }) => key === 'tastes')?.choices).toHaveLength(2)
})

test('what is stored comes out of the form as it went in; what is empty or can’t be held is left out', () => {
  const stored = { ...fits, body: '<p>好</p>', tastes: ['a'], cover: 'ugc/b/a/1.jpg', album: ['ugc/b/a/2.jpg'], pictures: [{ key: 'k', caption: '看' }, { key: 'l' }] }
  expect(fromForm(FIELDS, toForm(FIELDS, stored))).toEqual(stored)
  expect(fromForm(FIELDS, { title: ' 晒单 ', intro: ' ', body: '<p><br></p>', age: ' 3 ', cover: [newPicture()], cup: 'prd_1' })).toEqual({ title: '晒单', age: 3, agreed: false })
})

test('what the server would refuse is told at its field', () => {
  expect(codes(fits)).toEqual({})
  expect(codes({})).toEqual({ '/title': 'required', '/age': 'required' })
  expect(codes({ title: '晒', age: '三', agreed: false, link: 'x' })).toEqual({ '/title': 'too_short', '/age': 'not_a_number', '/link': 'not_a_link' })
  expect(codes({ ...fits, title: '😀'.repeat(10), age: '2.5' })).toEqual({ '/age': 'not_whole' })
  expect(codes({ ...fits, title: '晒'.repeat(11), age: 10 })).toEqual({ '/title': 'too_long', '/age': 'too_large' })
  const three: FormPicture[] = ['a', 'b', 'c'].map((key) => newPicture(key))
  expect(codes({ ...fits, pictures: three, cover: [newPicture()] })).toEqual({ '/cover': 'not_uploaded', '/pictures': 'too_many' })
})

test('the server’s errors stand at the fields they are in, with their limits', () => {
  const errors = [
    { pointer: '/ext/age', expected: 'at least 1', got: '0' },
    { pointer: '/ext/pictures/0/caption', expected: 'at most 200 characters' },
    { pointer: '/ext/title', expected: 'a value' },
    { pointer: '/ext/link', expected: 'text matching ^x$' },
    { pointer: '/cover', expected: 'ugc/…' },
  ]
  expect(faultsFrom(errors, FIELDS, '/ext')).toEqual({
    '/ext/age': { code: 'too_small', limit: 1 },
    '/ext/pictures': { code: 'too_long', limit: 200 },
    '/ext/title': { code: 'required', limit: 0 },
    '/ext/link': { code: 'wrong', limit: 0 },
  })
})
