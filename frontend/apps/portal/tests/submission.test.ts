import { ApiProblem, Unreachable } from '@kaibo/client'
import { expect, test } from 'vitest'
import { useSubmission } from '@/composables/submission'

const refusal = (status: number, extra: object = {}): ApiProblem =>
  new ApiProblem({ type: '', title: '不行', status, code: 'no', ...extra })

test('an attempt without an answer is repeated under the same key', async () => {
  const { submit, trouble } = useSubmission()
  const keys: string[] = []
  await submit(async (key) => {
    keys.push(key)
    throw new Unreachable('no answer')
  })
  expect(trouble.value?.kind).toBe('offline')
  expect(await submit(async (key) => keys.push(key))).toBe(2)
  expect(keys[1]).toBe(keys[0])
  expect(trouble.value).toBeNull()
})

test('after an answer the next attempt has a key of its own', async () => {
  const { submit } = useSubmission()
  const keys: string[] = []
  await submit(async (key) => keys.push(key))
  await submit(async (key) => {
    keys.push(key)
    throw refusal(422)
  })
  await submit(async (key) => keys.push(key))
  expect(new Set(keys).size).toBe(3)
})

test('a second tap while the first is under way sends nothing', async () => {
  const { submit, busy } = useSubmission()
  let finish: () => void = () => undefined
  let sent = 0
  const first = submit(() => new Promise<number>((resolve) => (finish = () => resolve(++sent))))
  expect(busy.value).toBe(true)
  expect(await submit(async () => ++sent)).toBeUndefined()
  finish()
  expect(await first).toBe(1)
})

test("the server's words about a field stand at that field", async () => {
  const { submit, fields, trouble } = useSubmission()
  await submit(async () => {
    throw refusal(422, { errors: [{ pointer: '/price/amount', expected: 'int >= 0', got: '-1' }] })
  })
  expect(fields.value).toEqual({ 'price/amount': '最小 0' })
  expect(trouble.value?.kind).toBe('invalid')
})

test('a refusal that points at one value stands there too', async () => {
  const { submit, fields } = useSubmission()
  await submit(async () => {
    throw refusal(422, { title: '开播时间不可行', data: { pointer: '/starts_at', got: 1 } })
  })
  expect(fields.value).toEqual({ starts_at: '开播时间不可行' })
})

test('an edit of an old revision is a conflict, with advice', async () => {
  const { submit, trouble } = useSubmission()
  await submit(async () => {
    throw refusal(412)
  })
  expect(trouble.value).toMatchObject({ kind: 'conflict', title: '不行', advice: '你的修改还没有保存。载入最新内容后再改一次。' })
})

test('wrong fields are marked before anything is sent, and unmarked when they are right', () => {
  const { check, fields } = useSubmission()
  expect(check({ title: '必填', price: false })).toBe(false)
  expect(fields.value).toEqual({ title: '必填' })
  expect(check({ title: undefined })).toBe(true)
  expect(fields.value).toEqual({})
})
