import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Form } from '@/api/models'
import { api, business } from './session'
import { type Trouble, troubleOf } from './trouble'

export interface AskedForm {
  form: ShallowRef<Form | null>
  trouble: ShallowRef<Trouble | null>
  load: () => Promise<void>
}

/** What the form of a noun is made from: its own fields and, of the layers, those of the business. */
export function useForm(noun: () => string): AskedForm {
  const form = shallowRef<Form | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await api.modelling.form(noun(), business.value?.id ?? '')
      if (mine !== asked) return
      form.value = answer
      trouble.value = null
    } catch (error) {
      if (mine === asked) trouble.value = troubleOf(error)
    }
  }

  watch([noun, () => business.value?.id], load, { immediate: true })
  return { form, trouble, load }
}
