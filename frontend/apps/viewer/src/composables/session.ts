import { Http, Kaibo, objectPath, type PublicAccount, type Session } from '@kaibo/client'
import { computed, ref } from 'vue'
// #ifndef H5
import { wechatCode } from '@/platform/login'
// #endif
import { ORIGIN } from '@/platform/page'
import { uniTransport } from '@/platform/transport'
import { locale, t } from './text'

const STORED = 'kaibo.session'

const session = ref<Session | null>(restore())

export const account = computed<PublicAccount | null>(() => session.value?.account ?? null)

export const isAnchor = computed(() =>
  Object.values(account.value?.roles ?? {}).some((held) => held.some((role) => role !== 'viewer')),
)

export const api = new Kaibo(
  new Http({
    base: ORIGIN,
    transport: uniTransport,
    token: () => session.value?.token ?? null,
    locale: () => locale.value,
    // #ifndef H5
    channel: 'mini',
    // #endif
    onSignedOut: () => keep(null),
  }),
)

export async function signIn(login: string, password: string): Promise<void> {
  keep(await api.signIn(login, password))
}

// #ifndef H5
export async function signInByWeChat(): Promise<void> {
  const code = await wechatCode()
  if (!code) throw new Error(t('login.wechat.failed'))
  keep(await api.signInByWeChat(code))
}
// #endif

/** The token is forgotten here even when the server can't be told. */
export async function signOut(): Promise<void> {
  try {
    await api.signOut()
  } finally {
    keep(null)
  }
}

export const picture = (key: string | null | undefined): string => {
  const path = objectPath(key)
  return path.startsWith('/') ? ORIGIN + path : path
}

function keep(next: Session | null): void {
  session.value = next
  if (next) uni.setStorageSync(STORED, JSON.stringify(next))
  else uni.removeStorageSync(STORED)
}

function restore(): Session | null {
  const stored = uni.getStorageSync(STORED) as string
  if (!stored) return null
  const kept = JSON.parse(stored) as Session
  return kept.expires_at > Date.now() ? kept : null
}
