import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Http } from '../../src/api/http'
import { Kaibo, objectPath } from '../../src/api/kaibo'
import { ApiProblem, isProblem, Unreachable } from '../../src/api/problems'

interface Got {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

let server: Server
let got: Got[]
let answer: { status: number; headers?: Record<string, string>; body: string }
let token: string | null
let signedOut: number
let http: Http

beforeEach(async () => {
  got = []
  answer = { status: 200, body: '{}' }
  token = null
  signedOut = 0
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      got.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  http = new Http({
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: () => token,
    locale: () => 'zh-CN',
    onSignedOut: () => (signedOut += 1),
  })
})
afterEach(() => server.close())

test('reads carry the language and the token, and leave empty parameters out', async () => {
  token = 'tok'
  answer.body = '{"items":[],"next_cursor":null}'
  expect(await new Kaibo(http).feed('live', null)).toEqual({ items: [], next_cursor: null })
  expect(got[0]).toMatchObject({ method: 'GET', url: '/v1/feed?tab=live&limit=20' })
  expect(got[0]?.headers).toMatchObject({ authorization: 'Bearer tok', 'accept-language': 'zh-CN' })
  expect(got[0]?.headers['idempotency-key']).toBeUndefined()
})

test('each write has its own idempotency key; a repeated attempt keeps it', async () => {
  await http.post('/v1/x', { a: 1 })
  await http.post('/v1/x', { a: 1 })
  await http.post('/v1/x', { a: 1 }, { idempotencyKey: 'same' })
  const keys = got.map(({ headers }) => headers['idempotency-key'])
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(keys[0]).not.toBe(keys[1])
  expect(keys[2]).toBe('same')
  expect(got[0]).toMatchObject({ method: 'POST', body: '{"a":1}' })
})

test('edits name the revision they are based on', async () => {
  await http.patch('/v1/x', {}, { rev: 7 })
  expect(got[0]?.headers['if-match']).toBe('"7"')
})

test('a file is sent as it is, with its media type', async () => {
  answer = { status: 201, body: '{"key":"pic/a.jpg"}' }
  const file = new TextEncoder().encode('jpeg').buffer as ArrayBuffer
  expect(await new Kaibo(http).uploadPicture('biz_1', file, 'image/jpeg')).toEqual({ key: 'pic/a.jpg' })
  expect(got[0]).toMatchObject({ method: 'POST', url: '/v1/pictures?business=biz_1', body: 'jpeg' })
  expect(got[0]?.headers['content-type']).toBe('image/jpeg')
})

test('problem details become a typed error', async () => {
  answer = {
    status: 409,
    headers: { 'Retry-After': '3' },
    body: JSON.stringify({ type: 'about:blank', title: '状态不对', status: 409, code: 'wrong_state', detail: '应为 ready，实为 ended', errors: [{ pointer: '/state' }] }),
  }
  const problem = await http.post('/v1/x').catch((error: unknown) => error)
  expect(problem).toBeInstanceOf(ApiProblem)
  expect(problem).toMatchObject({ status: 409, code: 'wrong_state', message: '应为 ready，实为 ended', retryAfterMs: 3_000 })
  expect(isProblem(problem, 'wrong_state')).toBe(true)
  expect(isProblem(problem, 'not_found')).toBe(false)
})

test("a proxy's page is a problem as well", async () => {
  answer = { status: 502, body: '<html>bad gateway</html>' }
  await expect(http.get('/v1/x')).rejects.toMatchObject({ status: 502, code: 'http_502' })
})

test('a token that is no longer accepted signs out; a wrong password does not', async () => {
  answer = { status: 401, body: '{"title":"请登录","code":"not_signed_in"}' }
  await expect(http.post('/v1/sessions')).rejects.toBeInstanceOf(ApiProblem)
  expect(signedOut).toBe(0)
  token = 'old'
  await expect(http.get('/v1/me')).rejects.toBeInstanceOf(ApiProblem)
  expect(signedOut).toBe(1)
})

test('who was signed out reads on as a guest, and writes nothing again', async () => {
  token = 'old'
  const asGuest = new Http({
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: () => token,
    locale: () => 'en',
    onSignedOut: () => {
      token = null
      answer = { status: 200, body: '{"open":true}' }
    },
  })
  answer = { status: 401, body: '{"code":"not_signed_in"}' }
  expect(await asGuest.get('/v1/x')).toEqual({ open: true })
  expect(got.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', undefined])
  token = 'old'
  answer = { status: 401, body: '{"code":"not_signed_in"}' }
  await expect(asGuest.post('/v1/x')).rejects.toBeInstanceOf(ApiProblem)
  expect(got).toHaveLength(3)
})

test('no answer is not a refusal', async () => {
  const closed = new Http({ base: 'http://127.0.0.1:1', token: () => null, locale: () => 'en' })
  await expect(closed.get('/v1/x')).rejects.toBeInstanceOf(Unreachable)
})

test('answers without a body are nothing', async () => {
  answer = { status: 204, body: '' }
  expect(await http.delete('/v1/sessions')).toBeUndefined()
})

test('objects are shown through the object route', () => {
  expect(objectPath('pic/a.jpg')).toBe('/o/pic/a.jpg')
  expect(objectPath('https://cdn/a.jpg')).toBe('https://cdn/a.jpg')
  expect(objectPath('')).toBe('')
})
