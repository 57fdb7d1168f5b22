import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A part of the page's address: what is filtered, what is open at the side. Reloading and sharing keep it. */
export function useAddress(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : ''
    },
    set: (value) => {
      const { [name]: _dropped, ...others } = route.query
      void router.replace({ query: value ? { ...others, [name]: value } : others })
    },
  })
}
