import { afterEach, expect, test, vi } from 'vitest'
import { h, ref } from 'vue'
import { expectation } from '@/format/expectations'
import { addField, fieldAt, leastOf, placeField, pointerTo, problemsAt, removeField, renameField, retype, rowsOf, setNote, setRequired } from '@/format/modelDraft'
import { beginning, FIELD_TYPES, type FieldSchema, type ModelSchema, type Values, withValue, wrongIn } from '@/format/modelSchema'
import { cleanHtml, paragraphs } from '@/format/richText'
import { chooseLanguage } from '@/i18n'
import ModelForm from '@/parts/model/ModelForm.vue'
import { settle, show } from './screen'
import { serve } from './server'

const field = (type: FieldSchema['kaibo']['type'], more: Partial<FieldSchema> = {}): FieldSchema =>
  ({ ...leastOf(type), ...more, kaibo: { id: `id_${type}`, type, label: { zh: '名', en: 'Name' }, ...more.kaibo } }) as FieldSchema

const DRAFT: ModelSchema = {
  $schema: 'urn:kaibo:schema:content-model:1',
  type: 'object',
  properties: {
    tier: field('choice'),
    who: field('group', { properties: { name: field('text'), age: field('integer') }, required: ['name'] }),
    rows: field('list', { items: { kaibo: { type: 'group' }, properties: { at: field('time') }, required: [] } }),
  },
  required: ['tier'],
  additionalProperties: false,
}
const keys = (draft: ModelSchema): string[] => Object.keys(draft.properties)

afterEach(() => {
  vi.unstubAllGlobals()
  chooseLanguage('zh-CN')
})

test('fields are listed with those that stand in groups and rows', () => {
  expect(rowsOf(DRAFT).map(({ path }) => path.join('.'))).toEqual(['tier', 'who', 'who.name', 'who.age', 'rows', 'rows.at'])
  expect(rowsOf(DRAFT).map(({ path }) => pointerTo(DRAFT, path))).toEqual([
    '/properties/tier',
    '/properties/who',
    '/properties/who/properties/name',
    '/properties/who/properties/age',
    '/properties/rows',
    '/properties/rows/items/properties/at',
  ])
})

test('a rename keeps the identity, the place and what is required', () => {
  const made = renameField(DRAFT, ['tier'], 'grade')!
  expect(keys(made.draft)).toEqual(['grade', 'who', 'rows'])
  expect(made.draft.required).toEqual(['grade'])
  expect(fieldAt(made.draft, ['grade'])!.kaibo.id).toBe('id_choice')
  expect(renameField(DRAFT, ['tier'], 'who')).toBeUndefined()
  expect(renameField(DRAFT, ['tier'], 'Tier!')).toBeUndefined()
  expect(fieldAt(renameField(DRAFT, ['rows', 'at'], 'when')!.draft, ['rows', 'when'])!.kaibo.type).toBe('time')
})

test('fields are added under a free key, placed, made required and removed at every level', () => {
  const first = addField(DRAFT, ['who'], 'text', { zh: '新', en: 'New' })
  expect(first.path).toEqual(['who', 'text'])
  expect(addField(first.draft, ['who'], 'text', undefined).path).toEqual(['who', 'text_2'])
  expect(keys(placeField(DRAFT, ['rows'], 0))).toEqual(['rows', 'tier', 'who'])
  expect(keys(placeField(DRAFT, ['tier'], 99))).toEqual(['who', 'rows', 'tier'])
  expect(setRequired(DRAFT, ['who', 'age'], true).properties.who!.required).toEqual(['name', 'age'])
  const removed = removeField(DRAFT, ['tier'])
  expect([keys(removed), removed.required]).toEqual([['who', 'rows'], []])
  expect(DRAFT.required).toEqual(['tier'])
})

test.each(FIELD_TYPES)('made %s, a field keeps its name and begins with the least of that type', (type) => {
  const was = setNote(field('choice'), { filterable: true, choices: { a: { zh: '甲', en: 'A' } } })
  const now = retype(was, type)
  expect(now.kaibo).toEqual({ id: 'id_choice', type, label: { zh: '名', en: 'Name' } })
  expect(now).toMatchObject(leastOf(type))
})

test('a problem is told at the field it is about and not at the group around it', () => {
  const problems = [{ pointer: '/properties/who/properties/name/maxLength' }, { pointer: '/properties/who/required/0' }]
  expect(Object.keys(problemsAt(problems, DRAFT, ['who']))).toEqual(['required/0'])
  expect(Object.keys(problemsAt(problems, DRAFT, ['who', 'name']))).toEqual(['maxLength'])
})

test('a form begins with defaults and says what is missing by its place', () => {
  const schema = { properties: { n: field('integer', { default: 3 }), b: field('boolean'), who: DRAFT.properties.who! }, required: ['b', 'who'] }
  expect(beginning(schema)).toEqual({ n: 3, b: false, who: {} })
  expect(wrongIn(schema, { n: 'x', b: false, who: {} }, 'ext').map(({ place, why }) => ({ place, why }))).toEqual([
    { place: 'ext/n', why: 'number' },
    { place: 'ext/who/name', why: 'required' },
  ])
  expect(withValue({ a: 1, b: 2 }, 'a', '')).toEqual({ b: 2 })
})

test('rich text keeps what the server keeps, and nothing that runs or loads', () => {
  expect(cleanHtml('<p onclick="x()" style="color:red">a<script>1</script><b>b</b></p>')).toBe('<p>a<b>b</b></p>')
  expect(cleanHtml('<img src=x onerror=alert(1)><div>c</div><svg><a>d</a></svg>')).toBe('<p>c</p>')
  expect(cleanHtml('<a href="javascript:alert(1)">e</a><a href="https://f.example" target=_top>f</a>')).toBe('<p><a>e</a><a href="https://f.example">f</a></p>')
  expect(cleanHtml('g<p><ul><li>h</li></ul></p>i <b>j</b>')).toBe('<p>g</p><ul><li>h</li></ul><p>i <b>j</b></p>')
  expect(cleanHtml(cleanHtml('g<p>h</p>'))).toBe('<p>g</p><p>h</p>')
  expect(paragraphs('a < b\n\nc')).toBe('<p>a &lt; b</p><p>c</p>')
})

test('what the server expected is said in the language of the page', () => {
  expect(expectation('at most 40 characters')).toBe('最多 40 个字')
  expect(expectation('something new')).toBe('应为：something new')
  chooseLanguage('en')
  expect(expectation('at most 40 characters')).toBe('Expected: at most 40 characters')
})

test('a form is made of the fields: labels, hints, and errors at their places', async () => {
  serve({})
  const values = ref<Values>({ name: '小林' })
  const schema = { properties: { name: field('text', { kaibo: { type: 'text', label: { zh: '姓名', en: 'Name' }, help: { zh: '真名', en: '' } } }), quiet: field('boolean'), who: DRAFT.properties.who! }, required: ['name'] }
  const screen = show({
    render: () => h(ModelForm, { modelValue: values.value, 'onUpdate:modelValue': (next: Values) => (values.value = next), schema, at: 'ext', name: 'room', errors: { 'ext/who/age': '应为数字' } }),
  }, {})
  await settle()
  expect(document.querySelector('[data-field="ext/name"]')!.textContent).toContain('姓名 *')
  expect(document.querySelector('[data-field="ext/name"]')!.textContent).toContain('真名')
  expect(document.querySelector('[data-field="ext/who/age"]')!.textContent).toContain('应为数字')
  await screen.type('room-name', '老陈')
  await screen.tap('room-quiet')
  expect(values.value).toEqual({ name: '老陈', quiet: true })
  await screen.type('room-name', '')
  expect(values.value).toEqual({ quiet: true })
})
