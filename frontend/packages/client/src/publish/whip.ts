import type { Transport } from '../api/http'
import { readProblem, Unreachable } from '../api/problems'

/** A publish that the server took: its answer, and where to end it. */
export interface WhipSession {
  answer: string
  address: string
}

const TIMEOUT_MS = 10_000

/**
 * RFC 9725: one POST with the whole offer.
 * @throws ApiProblem when the server refuses, Unreachable when it does not answer.
 */
export async function whipPublish(transport: Transport, url: string, key: string, offer: string, locale: string): Promise<WhipSession> {
  const headers = { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}`, 'Accept-Language': locale }
  const response = await transport({ method: 'POST', url, headers, body: offer, timeoutMs: TIMEOUT_MS }).catch((cause: unknown) => {
    throw new Unreachable(`POST ${url}: no answer`, { cause })
  })
  if (response.status !== 201) throw readProblem(response.status, response.body, response.header('Retry-After'))
  return { answer: response.body, address: new URL(response.header('Location') ?? '', url).href }
}

/** Ends a publish. One that is over already, or can't be reached, needs no ending: the server notices by itself. */
export async function whipEnd(transport: Transport, address: string): Promise<void> {
  await transport({ method: 'DELETE', url: address, headers: {}, timeoutMs: TIMEOUT_MS }).catch(() => undefined)
}
