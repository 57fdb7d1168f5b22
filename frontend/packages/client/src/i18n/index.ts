import { choosingEn, choosingZh } from './choosing'
import { contributionsEn, contributionsZh } from './contributions'
import { en } from './en'
import { rainEn, rainZh } from './rain'
import { shelfEn, shelfZh } from './shelf'
import { storiesEn, storiesZh } from './stories'
import { zhCN } from './zh-CN'

export type Locale = 'zh-CN' | 'en'
export type MessageKey = keyof typeof zhCN | keyof typeof choosingZh | keyof typeof contributionsZh | keyof typeof rainZh | keyof typeof shelfZh | keyof typeof storiesZh
export type Params = Record<string, string | number>
export type Translate = (key: MessageKey, params?: Params) => string

export const messages: Record<Locale, Record<MessageKey, string>> = {
  'zh-CN': { ...zhCN, ...choosingZh, ...contributionsZh, ...rainZh, ...shelfZh, ...storiesZh },
  en: { ...en, ...choosingEn, ...contributionsEn, ...rainEn, ...shelfEn, ...storiesEn },
}

/** `{name}` in a message is replaced by the parameter of that name. */
export const translator =
  (locale: Locale): Translate =>
  (key, params = {}) =>
    messages[locale][key].replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole))

/** Chinese first: English only for those who ask for it. */
export const chooseLocale = (wanted: string | null | undefined): Locale => (wanted?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN')
