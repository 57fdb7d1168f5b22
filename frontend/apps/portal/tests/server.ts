import { vi } from 'vitest'

export interface Asked {
  method: string
  path: string
  headers: Headers
  body: unknown
}

type Answer = [status: number, body?: unknown]

/** Stands where the server is, behind the one border of these tests: `fetch`. Unknown routes answer 404. */
export function serve(routes: Record<string, (asked: Asked) => Answer>): Asked[] {
  const asked: Asked[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit = {}) => {
    const [path = ''] = address.split('?')
    const method = init.method ?? 'GET'
    const one: Asked = { method, path, headers: new Headers(init.headers), body: typeof init.body === 'string' ? JSON.parse(init.body) : init.body }
    asked.push(one)
    const [status, body] = routes[`${method} ${path}`]?.(one) ?? [404, problem(404, 'not_found', '没有找到。')]
    return new Response(body === undefined ? null : JSON.stringify(body), { status })
  })
  return asked
}

export const problem = (status: number, code: string, title: string, extra: object = {}): object => ({
  type: `/docs/errors#${code}`,
  title,
  status,
  code,
  ...extra,
})
