import { type Address, randomId, sameAddress, type SavedAddress } from '@kaibo/client'
import { ref, shallowRef, watch } from 'vue'
import { account, api } from './session'
import { type Trouble, troubleOf } from './trouble'

/** The address book of the person who is signed in: the usual address first, then the newest. */
export const addresses = shallowRef<SavedAddress[]>([])
export const addressesPhase = ref<'loading' | 'ready' | Trouble>('loading')

export async function loadAddresses(): Promise<void> {
  const whose = account.value?.id
  if (!whose) return
  try {
    const { items } = await api.addresses()
    if (account.value?.id !== whose) return
    addresses.value = items
    addressesPhase.value = 'ready'
  } catch (error) {
    if (!addresses.value.length) addressesPhase.value = troubleOf(error)
  }
}

/** Keeps a new or an edited address; an attempt without an answer may be repeated with its key. */
export async function saveAddress(address: Address, usual: boolean, edited: SavedAddress | null, key: string): Promise<void> {
  if (edited) await api.editAddress(edited.id, { address, ...(usual ? { usual } : {}) }, edited.rev)
  else await api.addAddress(address, usual, key)
  await loadAddresses()
}

export async function removeAddress(id: string): Promise<void> {
  await api.deleteAddress(id)
  await loadAddresses()
}

/** Keeps what an order went to, unless it is in the book. Only a convenience: the order does not wait for it. */
export function rememberAddress(address: Address): void {
  if (addresses.value.some((one) => sameAddress(one.address, address))) return
  api.addAddress(address, false, randomId()).then(loadAddresses, () => undefined)
}

watch(
  () => account.value?.id,
  () => {
    addresses.value = []
    addressesPhase.value = 'loading'
  },
)
