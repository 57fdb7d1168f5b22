import { ref } from 'vue'
import { api, business } from './session'

/** How many shows of the chosen business are on the air, for the rail. */
export const onAir = ref(0)

export async function countOnAir(): Promise<void> {
  try {
    onAir.value = (await api.programs({ business: business.value?.id, state: 'live,interrupted', limit: 100 })).items.length
  } catch {
    // The last count stands; the page beside says that the server is away.
  }
}
