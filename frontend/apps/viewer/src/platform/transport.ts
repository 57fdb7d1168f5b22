import type { HttpRequest, HttpResponse, Transport } from '@kaibo/client'

/** HTTP by `uni.request`: the same call in a browser and in a mini-program. */
export const uniTransport: Transport = (request: HttpRequest) =>
  new Promise<HttpResponse>((resolve, reject) => {
    uni.request({
      url: request.url,
      method: request.method as UniApp.RequestOptions['method'],
      header: request.headers,
      data: request.body,
      dataType: 'text',
      timeout: request.timeoutMs,
      success: ({ statusCode, header, data }) => resolve({ status: statusCode, header: readHeader(header), body: text(data) }),
      fail: ({ errMsg }) => reject(new Error(errMsg)),
    })
  })

const text = (data: unknown): string => (typeof data === 'string' ? data : JSON.stringify(data ?? ''))

/** Header names arrive in whatever case the platform likes. */
function readHeader(header: Record<string, string> | undefined): HttpResponse['header'] {
  const lower = new Map(Object.entries(header ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => lower.get(name.toLowerCase()) ?? null
}
