import { chooseLocale, type Locale, messages as shared, type MessageKey as SharedKey, type Params } from '@kaibo/client'
import { ref } from 'vue'
import { en } from './en'
import { type PortalKey, zhCN } from './zh-CN'

export type MessageKey = PortalKey | SharedKey

const STORED = 'kaibo.portal.locale'

const messages: Record<Locale, Record<MessageKey, string>> = {
  'zh-CN': { ...shared['zh-CN'], ...zhCN },
  en: { ...shared.en, ...en },
}

export const locale = ref<Locale>(chooseLocale(localStorage.getItem(STORED)))

/** A text in the chosen language; `{name}` is replaced by the parameter of that name. */
export const t = (key: MessageKey, params: Params = {}): string =>
  messages[locale.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))

/** A text whose key is made from data: the fallback is said when there is none for it. */
export const tOr = (key: string, fallback: string, params: Params = {}): string =>
  key in messages[locale.value] ? t(key as MessageKey, params) : fallback

export function chooseLanguage(next: Locale): void {
  locale.value = next
  localStorage.setItem(STORED, next)
  document.documentElement.lang = next
}

export const toggleLanguage = (): void => chooseLanguage(locale.value === 'en' ? 'zh-CN' : 'en')
