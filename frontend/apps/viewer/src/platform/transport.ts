import type { HttpRequest, HttpResponse, Transport } from '@kaibo/client'

/** HTTP by `uni.request`: the same call in a browser and in a mini-program. */
export const uniTransport: Transport = (request: HttpRequest) =>
  new Promise<HttpResponse>((resolve, reject) => {
    // #ifdef H5
    if (request.onProgress) {
      sendTelling(request, request.onProgress, resolve, reject)
      return
    }
    // #endif
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

// #ifdef H5
/** Tells how much of the body is sent, which `uni.request` does not. */
function sendTelling({ method, url, headers, body, timeoutMs }: HttpRequest, told: (share: number) => void, resolve: (response: HttpResponse) => void, reject: (reason: Error) => void): void {
  const call = new XMLHttpRequest()
  call.open(method, url)
  for (const [name, value] of Object.entries(headers)) call.setRequestHeader(name, value)
  call.timeout = timeoutMs
  call.upload.onprogress = ({ lengthComputable, loaded, total }) => lengthComputable && told(loaded / total)
  call.onload = () => resolve({ status: call.status, header: (name) => call.getResponseHeader(name), body: call.responseText })
  call.onerror = call.ontimeout = call.onabort = () => reject(new Error(`${method} ${url}: no answer`))
  call.send(body)
}
// #endif

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
