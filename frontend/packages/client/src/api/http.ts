import { randomId } from '../random'
import { readProblem, Unreachable } from './problems'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string | ArrayBuffer
  timeoutMs: number
  /** Told how much of the body is sent, 0 to 1, where that is known. */
  onProgress?: (share: number) => void
}

export interface HttpResponse {
  status: number
  header: (name: string) => string | null
  body: string
}

/** The only thing that differs between a browser and a mini-program. Rejects when no answer came. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>

export const fetchTransport: Transport = async ({ url, method, headers, body, timeoutMs }) => {
  const response = await fetch(url, { method, headers, body, signal: AbortSignal.timeout(timeoutMs) })
  return { status: response.status, header: (name) => response.headers.get(name), body: await response.text() }
}

export interface HttpOptions {
  base: string
  transport?: Transport
  token: () => string | null
  locale: () => string
  /** Where this client shows things; what goes to other channels is not there for it. */
  channel?: string
  /** Called when the server no longer accepts the token that was sent. */
  onSignedOut?: () => void
  timeoutMs?: number
}

export interface Call {
  query?: Record<string, string | number | null | undefined>
  /** Sent as JSON, or as it is with its media type when it is a file. */
  body?: unknown
  mediaType?: string
  /** Longest to wait for the answer, when it may take longer than usual. */
  timeoutMs?: number
  onProgress?: (share: number) => void
  /** Revision the edit is based on, sent as `If-Match`. */
  rev?: number
  /** Reuse the key of an attempt whose outcome is unknown; a fresh one otherwise. */
  idempotencyKey?: string
}

/** JSON over HTTP with our conventions: bearer token, problem details, idempotent writes. */
export class Http {
  private readonly transport: Transport

  constructor(private readonly options: HttpOptions) {
    this.transport = options.transport ?? fetchTransport
  }

  get<T>(path: string, query?: Call['query']): Promise<T> {
    return this.send<T>('GET', path, { query })
  }

  post<T>(path: string, body: unknown = {}, call: Omit<Call, 'body'> = {}): Promise<T> {
    return this.send<T>('POST', path, { ...call, body })
  }

  patch<T>(path: string, body: unknown, call: Omit<Call, 'body'> = {}): Promise<T> {
    return this.send<T>('PATCH', path, { ...call, body })
  }

  put<T>(path: string, body: unknown, call: Omit<Call, 'body'> = {}): Promise<T> {
    return this.send<T>('PUT', path, { ...call, body })
  }

  delete(path: string, call: Omit<Call, 'body'> = {}): Promise<void> {
    return this.send<void>('DELETE', path, call)
  }

  /** @throws ApiProblem when the server refuses, Unreachable when it does not answer. */
  async send<T>(method: HttpRequest['method'], path: string, call: Call = {}): Promise<T> {
    const token = this.options.token()
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.options.locale() }
    if (this.options.channel) headers['Kaibo-Channel'] = this.options.channel
    if (token) headers.Authorization = `Bearer ${token}`
    if (call.body !== undefined) headers['Content-Type'] = call.mediaType ?? 'application/json'
    if (call.rev !== undefined) headers['If-Match'] = `"${call.rev}"`
    if (method !== 'GET') headers['Idempotency-Key'] = call.idempotencyKey ?? randomId()

    let response: HttpResponse
    try {
      response = await this.transport({
        method,
        url: this.options.base + path + queryString(call.query),
        headers,
        body: call.body === undefined || call.body instanceof ArrayBuffer ? call.body : JSON.stringify(call.body),
        timeoutMs: call.timeoutMs ?? this.options.timeoutMs ?? 10_000,
        onProgress: call.onProgress,
      })
    } catch (cause) {
      throw new Unreachable(`${method} ${path}: no answer`, { cause })
    }
    if (response.status < 400) return (response.body ? JSON.parse(response.body) : undefined) as T

    const problem = readProblem(response.status, response.body, response.header('Retry-After'))
    if (problem.status === 401 && token) {
      if (this.options.token() === token) this.options.onSignedOut?.()
      // What everybody may read is there for who was signed out, too.
      if (method === 'GET' && this.options.token() !== token) return this.send<T>(method, path, call)
    }
    throw problem
  }
}

function queryString(query: Call['query']): string {
  const pairs = Object.entries(query ?? {})
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return pairs.length ? `?${pairs.join('&')}` : ''
}
