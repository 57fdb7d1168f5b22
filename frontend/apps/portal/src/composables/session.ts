import { fetchTransport, Http, objectPath, type PublicAccount, randomId, readProblem, type Session, Unreachable } from '@kaibo/client'
import { computed, ref } from 'vue'
import { Desk } from '@/api/desk'
import type { Business, Picture } from '@/api/types'
import { locale } from '@/i18n'

const STORED = 'kaibo.portal.session'
const CHOSEN = 'kaibo.portal.business'
const UPLOAD_TIMEOUT_MS = 60_000

const session = ref<Session | null>(restore())

export const account = computed<PublicAccount | null>(() => session.value?.account ?? null)

/** Whether the session ended under the person's hands, to tell them so at the sign-in. */
export const expired = ref(false)

/** Everybody but viewers has work to do here. */
export const isStaff = computed(() =>
  Object.values(account.value?.roles ?? {}).some((held) => held.some((role) => role !== 'viewer')),
)

/** Sees her own products, and nothing else of a business. */
export const onlySupplies = computed(() =>
  Object.values(account.value?.roles ?? {}).every((held) => held.every((role) => role === 'viewer' || role === 'supplier')),
)

export const businesses = ref<Business[]>([])
const chosen = ref(localStorage.getItem(CHOSEN) ?? '')

/** The business whose things are shown; null until they are known or when there is none. */
export const business = computed<Business | null>(
  () => businesses.value.find(({ id }) => id === chosen.value) ?? businesses.value[0] ?? null,
)

export const api = new Desk(
  new Http({
    base: '',
    transport: fetchTransport,
    token: () => session.value?.token ?? null,
    locale: () => locale.value,
    onSignedOut: () => {
      keep(null)
      expired.value = true
    },
  }),
  upload,
)

export async function signIn(login: string, password: string): Promise<void> {
  keep(await api.signIn(login, password))
  expired.value = false
}

/** Goes on as somebody whom the server has just signed in. */
export function enter(next: Session): void {
  keep(next)
  expired.value = false
}

/** The token is forgotten here even when the server can't be told. */
export async function signOut(): Promise<void> {
  try {
    await api.signOut()
  } finally {
    keep(null)
    businesses.value = []
  }
}

/** Reads anew who one is and may be: roles change while one is signed in. */
export async function loadAccount(): Promise<void> {
  const me = await api.me()
  if (session.value) keep({ ...session.value, account: { ...session.value.account, ...me } })
}

export async function loadBusinesses(): Promise<void> {
  businesses.value = (await api.businesses()).items
}

export function chooseBusiness(id: string): void {
  chosen.value = id
  localStorage.setItem(CHOSEN, id)
}

/** The address of an object's picture; empty for none. Uploaded pictures have a small version. */
export const picture = (key: string | null | undefined, small = false): string =>
  objectPath(small && key?.startsWith('pic/') ? key.replace(/\.jpg$/, '-thumb.jpg') : key)

/** Pictures are sent as they are: the one call that is not JSON. */
async function upload(file: Blob): Promise<Picture> {
  let response: Response
  try {
    response = await fetch(`/v1/pictures?business=${business.value?.id ?? ''}`, {
      method: 'POST',
      body: file,
      headers: {
        Authorization: `Bearer ${session.value?.token ?? ''}`,
        'Accept-Language': locale.value,
        'Content-Type': file.type,
        'Idempotency-Key': randomId(),
      },
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    })
  } catch (cause) {
    throw new Unreachable('POST /v1/pictures: no answer', { cause })
  }
  const text = await response.text()
  if (!response.ok) throw readProblem(response.status, text, response.headers.get('Retry-After'))
  return JSON.parse(text) as Picture
}

function keep(next: Session | null): void {
  session.value = next
  if (next) localStorage.setItem(STORED, JSON.stringify(next))
  else localStorage.removeItem(STORED)
}

function restore(): Session | null {
  const stored = localStorage.getItem(STORED)
  if (!stored) return null
  try {
    const kept = JSON.parse(stored) as Session
    return kept.expires_at > Date.now() ? kept : null
  } catch {
    return null
  }
}
