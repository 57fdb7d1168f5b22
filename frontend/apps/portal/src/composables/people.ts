import { ref } from 'vue'
import type { Account, Room } from '@/api/types'
import { may } from '@/format/roles'
import { account, api, business } from './session'

/** Rooms and people of the chosen business, for names in lists and choices in forms. */
const rooms = ref<Room[]>([])
const accounts = ref<Account[]>([])

export function usePeople() {
  async function loadRooms(): Promise<void> {
    rooms.value = (await api.rooms({ business: business.value?.id, limit: 100 })).items
  }

  /** Names are a nicety: who may not see members sees rooms without them. */
  async function loadAccounts(): Promise<void> {
    const here = business.value?.id ?? ''
    if (!may(account.value, here, 'business_operator', 'reviewer', 'editor')) return
    try {
      accounts.value = (await api.people.members(here)).items.map((one) => ({ ...one, roles: { [here]: one.roles } }))
    } catch {
      accounts.value = []
    }
  }

  const roomTitle = (id: string): string => rooms.value.find((room) => room.id === id)?.title ?? ''
  const accountName = (id: string): string => [account.value, ...accounts.value].find((one) => one?.id === id)?.name ?? ''

  return { rooms, accounts, loadRooms, loadAccounts, roomTitle, accountName }
}
