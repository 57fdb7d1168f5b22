import { chooseLocale, type Locale, type Said, translator } from '@kaibo/client'
import { computed, ref } from 'vue'

const STORED = 'kaibo.locale'

export const locale = ref<Locale>(chooseLocale(uni.getStorageSync(STORED) || 'zh-CN'))
const translate = computed(() => translator(locale.value))

export const t: ReturnType<typeof translator> = (key, params) => translate.value(key, params)

/** What the server says in both languages, in the chosen one. */
export const said = (text: Said | null | undefined): string => (text ? (locale.value === 'en' ? text.en : text.zh) : '')

export function toggleLocale(): void {
  locale.value = locale.value === 'en' ? 'zh-CN' : 'en'
  uni.setStorageSync(STORED, locale.value)
  // #ifdef H5
  document.documentElement.lang = locale.value
  // #endif
}
