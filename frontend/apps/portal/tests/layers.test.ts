import { afterEach, expect, test, vi } from 'vitest'
import { plain } from '@/composables/formDocument'
import { signIn } from '@/composables/session'
import NewContent from '@/parts/library/NewContent.vue'
import ProgramEdit from '@/parts/ProgramEdit.vue'
import ProgramNew from '@/parts/ProgramNew.vue'
import RoomSide from '@/parts/RoomSide.vue'
import { settle, show } from './screen'
import { problem, serve } from './server'

const said = (text: string) => ({ zh: text, en: text })
const text = (id: string, more: object = {}) => ({ type: 'string', maxLength: 60, ...more, kaibo: { id, type: 'text', label: said(id) } })
const CHOICES = { public: said('所有人'), private: said('仅成员') }
const visibility = { type: 'string', enum: Object.keys(CHOICES), default: 'public', kaibo: { id: 'visibility', type: 'choice', label: said('visibility'), choices: CHOICES } }
/** What no draft holds. */
const address = text('address', { pattern: '^([a-z]{3,9})?$' })
Object.assign(address.kaibo, { aside: true, wrong: said('字母') })
const room = { type: 'string', kaibo: { id: 'room', type: 'room', label: said('room'), aside: true, given: 'once' } }
const model = (properties: object, required: string[]) => ({ type: 'object', properties, required, additionalProperties: false })

/** `slogan` is a base field that the portal has never heard of. */
const form = (layer: string) => ({
  noun: layer,
  base: model({ title: text('title'), slogan: text('slogan'), ...(layer === 'program' ? { room, visibility } : { address }) }, ['title']),
  model: 'mdl_1:2',
  extension: model({ theme: text('theme') }, ['theme']),
})

const ROOM = { id: 'rm_1', rev: 3, business: 'biz_1', anchor: 'acc_1', title: '茶室', address: 'tea', intro: '', roles: [], tags: [], has_key: false }
const PROGRAM = { id: 'prg_1', rev: 3, title: '夜场', cover: '', state: 'draft', starts_at: null, visibility: 'public', channels: [], guests: [], assistants: [], creator: null, tags: [] }
const OWN = { document: 'x', model: 'mdl_1:2', latest: 'mdl_1:2', ext: { theme: '秋' }, carried: {}, rev: 3 }
const FORMS = {
  'GET /v1/forms/room': (): [number, object] => [200, form('room')],
  'GET /v1/forms/program': (): [number, object] => [200, form('program')],
}
const sentTo = (asked: ReturnType<typeof serve>) => asked.filter(({ method }) => method !== 'GET').map(({ method, path, headers, body }) => [method, path, headers.get('If-Match'), body])

/** Pickers of dates take their time on a busy machine. */
vi.setConfig({ testTimeout: 20_000 })
afterEach(() => vi.unstubAllGlobals())

test('of a room that is there, what no draft holds is written here; what has changed is sent', async () => {
  const bare = { ...ROOM, address: '' }
  const asked = serve({
    'POST /v1/sessions': () => [200, { token: 't', expires_at: Date.now() + 60_000, account: { id: 'acc_1', name: '小林', roles: {} } }],
    ...FORMS,
    'GET /v1/rooms/rm_1': () => [200, bare],
    'GET /v1/documents/rm_1/extension': () => [200, OWN],
    'PATCH /v1/rooms/rm_1': ({ body }) => [200, { ...bare, ...(body as object), rev: 4 }],
  })
  await signIn('lin', 'pw')
  const side = show(RoomSide, { id: 'rm_1', known: bare })
  await settle()
  expect([side.has('room-slogan'), side.has('ext-theme')]).toEqual([false, false])
  await side.type('room-address', 'Tea')
  await side.submit()
  expect(side.errors()).toEqual(['字母'])
  await side.type('room-address', 'tea')
  await side.submit()
  expect(sentTo(asked).slice(1)).toEqual([['PATCH', '/v1/rooms/rm_1', '"3"', { address: 'tea' }]])
})

test('what is refused after something was kept is said at its field, and tried again from there', async () => {
  let refused = true
  const wrong = problem(422, 'values_do_not_fit', '不符合', { errors: [{ pointer: '/ext/theme', expected: 'at most 1 characters', got: '' }] })
  const asked = serve({
    ...FORMS,
    'GET /v1/documents/prg_1/extension': () => [200, OWN],
    'PATCH /v1/programs/prg_1': ({ body }) => [200, { ...PROGRAM, ...(body as object), rev: 4 }],
    'PUT /v1/documents/prg_1/extension': () => (refused ? [422, wrong] : [200, { ...OWN, rev: 5 }]),
  })
  const side = show(ProgramEdit, { program: PROGRAM })
  await settle()
  await side.type('program-title', '早场')
  await side.tap('program-visibility-private')
  await side.type('ext-theme', '春夏')
  await side.submit()
  expect(side.errors()).toHaveLength(1)
  expect(sentTo(asked)[0]).toEqual(['PATCH', '/v1/programs/prg_1', '"3"', { title: '早场', visibility: 'private' }])
  refused = false
  await side.submit()
  expect(sentTo(asked).map(([method]) => method)).toEqual(['PATCH', 'PUT', 'PUT'])
})

test('a program begins with the defaults, and what its models require is asked for before anything is sent', async () => {
  const made = { ...PROGRAM, rev: 1 }
  const asked = serve({
    ...FORMS,
    'POST /v1/programs': () => [201, made],
    'PUT /v1/documents/prg_1/extension': () => [200, { ...OWN, rev: 2 }],
  })
  const onCreated = vi.fn()
  const side = show(ProgramNew, { rooms: [{ id: 'rm_1', title: '茶室', anchor: 'acc_1' }], programs: [], room: 'rm_1', startsAt: null, onCreated })
  await settle()
  await side.submit()
  expect(side.errors()).toEqual(['必填', '必填'])
  await side.type('program-title', '新场')
  await side.type('ext-theme', '冬')
  await side.submit()
  expect(sentTo(asked)).toEqual([
    ['POST', '/v1/programs', null, { title: '新场', visibility: 'public', room: 'rm_1' }],
    ['PUT', '/v1/documents/prg_1/extension', '"1"', { ext: { theme: '冬' } }],
  ])
  expect(onCreated).toHaveBeenCalledWith(expect.objectContaining({ rev: 2 }))
})

test('whoever is shown with a name is an id in a form', () => {
  expect(plain({ creator: { id: 'crt_1', name: '老李' }, guests: [{ id: 'crt_2' }], tags: ['tag_1'], title: 'x', replay: null })).toEqual({
    creator: 'crt_1',
    guests: ['crt_2'],
    tags: ['tag_1'],
    title: 'x',
    replay: null,
  })
})

test('a trailer is begun with the show it announces and its film', async () => {
  const film = { id: 'fil_1', key: 'file/biz_1/f.mp4', name: 'f.mp4', size: 4 }
  const asked = serve({
    'GET /v1/forms/trailer': () => [200, { noun: 'trailer', base: model({ program: { ...room, kaibo: { ...room.kaibo, id: 'program', type: 'program' } }, media: { type: 'string', kaibo: { id: 'media', type: 'file', label: said('media') } }, title: text('title') }, ['program', 'media', 'title']) }],
    'GET /v1/programs': () => [200, { items: [PROGRAM], next_cursor: null }],
    'GET /v1/programs/prg_1': () => [200, PROGRAM],
    'POST /v1/files': () => [201, film],
    'POST /v1/contents': () => [201, { id: 'cnt_1' }],
  })
  const onMade = vi.fn()
  const menu = show(NewContent, { onMade })
  await menu.tap('new')
  await menu.tap('new-trailer')
  await menu.submit()
  expect(menu.errors()).toEqual(['必填', '必填'])
  menu.root.querySelector<HTMLElement>('.el-select__wrapper')!.click()
  await settle()
  document.querySelector<HTMLElement>('.el-select-dropdown__item')!.click()
  const field = menu.field('trailer-media')
  Object.defineProperty(field, 'files', { value: [new File(['film'], 'f.mp4', { type: 'video/mp4' })] })
  field.dispatchEvent(new Event('change', { bubbles: true }))
  await settle()
  await menu.submit()
  expect(asked.find(({ path }) => path === '/v1/contents')?.body).toEqual({ business: '', kind: 'trailer', program: 'prg_1', media: film.key, title: '夜场' })
  expect(onMade).toHaveBeenCalledWith('cnt_1')
})
