import { randomId, Unreachable } from '@kaibo/client'
import { computed, type InjectionKey, ref, shallowRef } from 'vue'
import { type Trouble, troubleOf } from './trouble'

/** Provided where errors are found while one types: they are then said at once, not when the form is sent. */
export const CHECKED_AS_ONE_TYPES: InjectionKey<boolean> = Symbol('checked as one types')

/**
 * Sending one form. An attempt without an answer is repeated under the same idempotency key, so that what
 * was created by an unseen success is not created twice; after any answer the next attempt is a new one.
 */
export function useSubmission() {
  const busy = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  const own = ref<Record<string, string>>({})
  let key: string | null = null

  const fields = computed<Record<string, string>>(() => ({ ...trouble.value?.fields, ...own.value }))

  /** Gives undefined when it did not work: `trouble` then says why. */
  async function submit<T>(send: (idempotencyKey: string) => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    trouble.value = null
    own.value = {}
    key ??= randomId()
    try {
      const answer = await send(key)
      key = null
      return answer
    } catch (error) {
      if (!(error instanceof Unreachable)) key = null
      trouble.value = troubleOf(error)
      return undefined
    } finally {
      busy.value = false
    }
  }

  /** Marks fields before anything is sent; true when there is nothing to mark. */
  function check(wrong: Record<string, string | false | undefined>): boolean {
    trouble.value = null
    own.value = Object.fromEntries(Object.entries(wrong).filter((entry): entry is [string, string] => Boolean(entry[1])))
    return Object.keys(own.value).length === 0
  }

  function clear(): void {
    trouble.value = null
    own.value = {}
  }

  return { busy, trouble, fields, submit, check, clear }
}
