import { ApiProblem } from '@kaibo/client'
import { ref, shallowRef } from 'vue'
import { troubleOf } from './trouble'

export interface BulkResult {
  id: string
  title: string
  /** Why it did not work; empty when it did. */
  reason: string
}

export interface BulkRun {
  label: string
  results: BulkResult[]
}

const AT_ONCE = 3
const TRIES = 4
const PAUSE_MS = 250

/** One action on many rows: each is its own call with its own answer, and one that fails stops no other. */
export function useBulk() {
  const running = ref(false)
  const done = ref(0)
  const total = ref(0)
  const report = shallowRef<BulkRun | null>(null)

  async function run(label: string, rows: { id: string; title: string }[], act: (id: string) => Promise<unknown>): Promise<BulkRun> {
    running.value = true
    done.value = 0
    total.value = rows.length
    report.value = null
    const results: BulkResult[] = rows.map(({ id, title }) => ({ id, title, reason: '' }))
    const waiting = [...results]

    async function work(): Promise<void> {
      for (let one = waiting.shift(); one; one = waiting.shift()) {
        try {
          await patiently(() => act(one.id))
        } catch (error) {
          const { title, advice } = troubleOf(error)
          one.reason = advice ? `${title} ${advice}` : title
        }
        done.value += 1
      }
    }

    await Promise.all(Array.from({ length: AT_ONCE }, work))
    running.value = false
    const made = { label, results }
    if (results.some(({ reason }) => reason)) report.value = made
    return made
  }

  return { running, done, total, report, run }
}

/** Who works on many things at once gets in the way of others and of itself: what is busy is asked again. */
async function patiently(act: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await act()
      return
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 503 || attempt === TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
    }
  }
}

export const worked = ({ results }: BulkRun): string[] => results.filter(({ reason }) => !reason).map(({ id }) => id)
