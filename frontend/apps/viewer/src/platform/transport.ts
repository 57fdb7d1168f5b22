import type { HttpRequest, HttpResponse, Transport } from '@kaibo/client'

/** HTTP by `uni.request`: the same call in a browser and in a mini-program. */
export const uniTransport: Transport = (request: HttpRequest) =>
  new Promise<HttpResponse>((resolve, reject) => {
    uni.request({
      url: request.url,
      ...asSent(request),
      data: request.body,
      dataType: 'text',
      timeout: request.timeoutMs,
      success: ({ statusCode, header, data }) => resolve({ status: statusCode, header: readHeader(header), body: text(data) }),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })

type Sent = Pick<UniApp.RequestOptions, 'method' | 'header'>

/** A mini-program can't send PATCH; the server takes it in the form of a POST. */
function asSent({ method, headers }: HttpRequest): Sent {
  // #ifndef H5
  if (method === 'PATCH') return { method: 'POST', header: { ...headers, 'X-HTTP-Method-Override': method } }
  // #endif
  return { method: method as Sent['method'], header: headers }
}

const text = (data: unknown): string => (typeof data === 'string' ? data : JSON.stringify(data ?? ''))

/** Header names arrive in whatever case the platform likes. */
function readHeader(header: Record<string, string> | undefined): HttpResponse['header'] {
  const lower = new Map(Object.entries(header ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => lower.get(name.toLowerCase()) ?? null
}
