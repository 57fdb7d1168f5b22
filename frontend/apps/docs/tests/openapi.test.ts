import { expect, test } from 'vitest'
import { answerOf, boundsOf, curlOf, type Document, exampleOf, groupsOf, refusalsOf, typeOf } from '../src/openapi'

const MONEY = { type: 'object', properties: { amount: { type: 'integer', minimum: 0 }, currency: { type: 'string', default: 'CNY' } }, required: ['amount'] }

const DOCUMENT: Document = {
  info: { title: 'Kaibo', version: '1' },
  tags: [{ name: 'products', description: 'Goods' }, { name: 'empty' }],
  paths: {
    '/v1/products': {
      post: {
        operationId: 'create_product',
        tags: ['products'],
        parameters: [
          { name: 'Idempotency-Key', in: 'header', required: true },
          { name: 'business', in: 'query', required: true },
          { name: 'q', in: 'query' },
        ],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/NewProduct' } } } },
        responses: {
          '201': { description: 'As asked', content: { 'application/json': { schema: { $ref: '#/components/schemas/Money' } } } },
          '422': { description: 'Unprocessable Content: invalid, idempotency_key_reused' },
        },
        security: [{ bearer: [] }],
      },
    },
  },
  components: {
    schemas: {
      Money: MONEY,
      NewProduct: { type: 'object', properties: { title: { type: 'string' }, price: { $ref: '#/components/schemas/Money' } } },
      Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } } },
    },
  },
}
const CREATE = groupsOf(DOCUMENT)[0]!.endpoints[0]!

test('calls stand under their tag; tags without calls are left out', () => {
  expect(groupsOf(DOCUMENT).map(({ name, description, endpoints }) => [name, description, endpoints.map(({ method, path }) => `${method} ${path}`)])).toEqual([
    ['products', 'Goods', ['POST /v1/products']],
  ])
})

test.each([
  [{ type: 'string' }, 'string'],
  [{ $ref: '#/components/schemas/Money' }, 'Money'],
  [{ anyOf: [{ $ref: '#/components/schemas/Money' }, { type: 'null' }] }, 'Money | null'],
  [{ type: 'array', items: { $ref: '#/components/schemas/Money' } }, 'Money[]'],
  [{ type: ['integer', 'null'] }, 'integer | null'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'map of string'],
  [{ const: 'pin' }, '"pin"'],
  [{}, 'any'],
])('%j is told as %s', (schema, told) => {
  expect(typeOf(schema)).toBe(told)
})

test('bounds are told in a few words', () => {
  expect(boundsOf({ minLength: 1, maxLength: 60 })).toEqual(['1–60 chars'])
  expect(boundsOf({ minimum: 0 })).toEqual(['≥ 0'])
  expect(boundsOf({ maximum: 100, default: 20 })).toEqual(['≤ 100', 'default 20'])
  expect(boundsOf({ enum: ['live', 'ended'] })).toEqual(['live · ended'])
  expect(boundsOf({ default: '' })).toEqual([])
})

test('an example has every field, through references', () => {
  expect(exampleOf({ $ref: '#/components/schemas/NewProduct' }, DOCUMENT)).toEqual({ title: '周五新品首发', price: { amount: 0, currency: 'CNY' } })
})

test('a document that holds itself has an end', () => {
  expect(JSON.stringify(exampleOf({ $ref: '#/components/schemas/Tree' }, DOCUMENT))).toContain('children')
})

test('a call is written with all it needs and nothing more', () => {
  expect(curlOf(CREATE, DOCUMENT, 'http://localhost:8000')).toBe(
    [
      `curl -X POST 'http://localhost:8000/v1/products?business=…'`,
      `-H "Authorization: Bearer $TOKEN"`,
      `-H "Idempotency-Key: $(uuidgen)"`,
      `-H 'Content-Type: application/json'`,
      `-d '{`,
    ].join(' \\\n  ') +
      `
    "title": "周五新品首发",
    "price": {
      "amount": 0,
      "currency": "CNY"
    }
  }'`,
  )
})

test('the answer and the refusals are read from the responses', () => {
  expect(answerOf(CREATE)).toEqual({ status: '201', schema: { $ref: '#/components/schemas/Money' }, mediaType: 'application/json' })
  expect(refusalsOf(CREATE)).toEqual([{ status: '422', codes: ['invalid', 'idempotency_key_reused'] }])
})
