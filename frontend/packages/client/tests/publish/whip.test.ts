import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fetchTransport } from '../../src/api/http'
import { Unreachable } from '../../src/api/problems'
import { whipEnd, whipPublish } from '../../src/publish/whip'

let server: Server
let got: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
let answer: { status: number; headers?: Record<string, string>; body: string }
let base: string

beforeEach(async () => {
  got = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (part) => (body += part))
    request.on('end', () => {
      got.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(() => server.close())

test('the offer is posted with the key; the session has an absolute address', async () => {
  answer = { status: 201, headers: { Location: '/whip/prg_1/secret' }, body: 'v=0 answer' }
  const session = await whipPublish(fetchTransport, `${base}/whip/prg_1`, 'key-1', 'v=0 offer', 'zh-CN')
  expect(session).toEqual({ answer: 'v=0 answer', address: `${base}/whip/prg_1/secret` })
  expect(got[0]).toMatchObject({ method: 'POST', url: '/whip/prg_1', body: 'v=0 offer' })
  expect(got[0]?.headers).toMatchObject({ 'content-type': 'application/sdp', authorization: 'Bearer key-1', 'accept-language': 'zh-CN' })
})

test('a refusal keeps its code', async () => {
  answer = { status: 409, body: '{"title":"另一个推流还在","code":"publisher_active"}' }
  await expect(whipPublish(fetchTransport, `${base}/whip/p`, 'k', 'v=0', 'zh-CN')).rejects.toMatchObject({ status: 409, code: 'publisher_active' })
})

test('no answer is not a refusal', async () => {
  await expect(whipPublish(fetchTransport, 'http://127.0.0.1:1/whip/p', 'k', 'v=0', 'en')).rejects.toBeInstanceOf(Unreachable)
})

test('ending a publish deletes its session; one that is gone already is no trouble', async () => {
  answer = { status: 404, body: '{}' }
  await whipEnd(fetchTransport, `${base}/whip/prg_1/secret`)
  expect(got[0]).toMatchObject({ method: 'DELETE', url: '/whip/prg_1/secret' })
  await whipEnd(fetchTransport, 'http://127.0.0.1:1/whip/p/s')
})
