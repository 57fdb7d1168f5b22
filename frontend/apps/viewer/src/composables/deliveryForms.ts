import { type DeliveryForm, type ModelField, readFields } from '@kaibo/client'
import { computed, ref, shallowRef } from 'vue'
import { api } from './session'
import { said } from './text'
import { type Trouble, troubleOf } from './trouble'

type Kind = DeliveryForm['kind']

/** What is asked of whoever gets a parcel, and of whoever collects an order; null until it is known. */
const forms = shallowRef<Record<Kind, ModelField[]> | null>(null)
export const formsTrouble = ref<Trouble | null>(null)

export const knowsForms = computed(() => forms.value !== null)
export const fieldsFor = (kind: Kind): ModelField[] => forms.value?.[kind] ?? []

/** Asked once: they are the same for everybody. */
export async function loadForms(): Promise<void> {
  if (forms.value) return
  formsTrouble.value = null
  try {
    const [address, pickUp] = await Promise.all([api.form('address'), api.form('pick_up')])
    forms.value = { courier: readFields(address.base), pick_up: readFields(pickUp.base) }
  } catch (error) {
    formsTrouble.value = troubleOf(error)
  }
}

export const labelOf = (field: ModelField): string => said(field.label)
export const hintOf = (field: ModelField): string => said(field.schema.kaibo?.placeholder) || labelOf(field)
export const faultOf = (field: ModelField): string => said(field.schema.kaibo?.wrong)
