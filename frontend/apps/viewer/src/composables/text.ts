import { chooseLocale, type Locale, translator } from '@kaibo/client'
import { computed, ref } from 'vue'

const STORED = 'kaibo.locale'

export const locale = ref<Locale>(chooseLocale(uni.getStorageSync(STORED) || 'zh-CN'))
const translate = computed(() => translator(locale.value))

export const t: ReturnType<typeof translator> = (key, params) => translate.value(key, params)

export function toggleLocale(): void {
  locale.value = locale.value === 'en' ? 'zh-CN' : 'en'
  uni.setStorageSync(STORED, locale.value)
  // #ifdef H5
  document.documentElement.lang = locale.value
  // #endif
}
