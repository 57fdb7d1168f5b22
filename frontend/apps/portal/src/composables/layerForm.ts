import { shallowRef, watch, type ShallowRef } from 'vue'
import type { Layer, LayerForm } from '@/api/models'
import { drafted } from '@/format/modelSchema'
import { api, business } from './session'
import { type Trouble, troubleOf } from './trouble'

/** What the forms of a layer are made from: its base fields and the fields of the business. */
export function useLayerForm(layer: () => Layer): { form: ShallowRef<LayerForm | null>; trouble: ShallowRef<Trouble | null>; load: () => Promise<void> } {
  const form = shallowRef<LayerForm | null>(null)
  const trouble = shallowRef<Trouble | null>(null)
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    try {
      const answer = await api.modelling.form(layer(), business.value?.id ?? '')
      if (mine !== asked) return
      form.value = { ...answer, base: drafted(answer.base) }
      trouble.value = null
    } catch (error) {
      if (mine === asked) trouble.value = troubleOf(error)
    }
  }

  watch([layer, () => business.value?.id], load, { immediate: true })
  return { form, trouble, load }
}
