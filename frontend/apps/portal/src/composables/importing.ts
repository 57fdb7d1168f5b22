import { randomId } from '@kaibo/client'
import { computed, ref, shallowRef } from 'vue'
import type { BulkColumn, Import, Noun, Preview } from '@/api/bulk'
import { api, business } from '@/composables/session'
import { sayTrouble } from '@/composables/toasts'
import { type Trouble, troubleOf } from '@/composables/trouble'

/** One import from the dropped file to its result; what the server says of it is the truth. */
export function useImporting() {
  const current = shallowRef<Import | null>(null)
  const preview = shallowRef<Preview | null>(null)
  const columns = shallowRef<BulkColumn[]>([])
  const reading = ref('')
  const checking = ref(false)
  const trouble = shallowRef<Trouble | null>(null)
  /** Rows a second, over the last looks. */
  const speed = ref(0)
  /** All rows were tried: the counts of the import tell of the whole file. */
  const checked = computed(() => current.value?.state === 'ready' && current.value.cursor > 0 && current.value.cursor >= current.value.sheet.rows)
  let seen: { at: number; cursor: number } | null = null

  const step = computed<'drop' | 'map' | 'run' | 'result'>(() => {
    if (!current.value) return 'drop'
    if (current.value.state === 'ready' || current.value.state === 'checking') return 'map'
    return current.value.state === 'done' ? 'result' : 'run'
  })

  function show(one: Import | null): void {
    const now = performance.now()
    if (one && seen && one.cursor > seen.cursor) speed.value = ((one.cursor - seen.cursor) * 1000) / (now - seen.at)
    if (!one || !seen || one.cursor !== seen.cursor) seen = one ? { at: now, cursor: one.cursor } : null
    current.value = one
  }

  async function bring(file: File, noun: Noun): Promise<void> {
    reading.value = file.name
    trouble.value = null
    try {
      show(await api.bulk.upload(business.value?.id ?? '', noun, file, randomId()))
      await look()
    } catch (error) {
      trouble.value = troubleOf(error)
    } finally {
      reading.value = ''
    }
  }

  /** Lets the server try the first rows at once, and all of them aside where these do not tell of all. */
  async function look(): Promise<void> {
    if (!current.value) return
    checking.value = true
    trouble.value = null
    try {
      preview.value = await api.bulk.preview(current.value.id)
      columns.value = preview.value.columns
      const whole = preview.value.rows >= preview.value.total && !preview.value.failed
      if (!whole && current.value.state === 'ready' && !checked.value && usable(current.value)) show(await api.bulk.turn(current.value.id, 'check'))
    } catch (error) {
      trouble.value = troubleOf(error)
    } finally {
      checking.value = false
    }
  }

  async function map(column: string, field: string): Promise<void> {
    if (!current.value) return
    const freed = Object.fromEntries(Object.entries(current.value.mapping).map(([name, led]) => [name, field && led === field ? '' : led]))
    try {
      show(await api.bulk.map(current.value.id, { ...freed, [column]: field }, current.value.rev))
      await look()
    } catch (error) {
      sayTrouble(error)
    }
  }

  async function turn(how: 'check' | 'run' | 'stop' | 'resume'): Promise<void> {
    if (!current.value) return
    try {
      show(await api.bulk.turn(current.value.id, how))
    } catch (error) {
      sayTrouble(error)
    }
  }

  async function open(id: string): Promise<void> {
    trouble.value = null
    preview.value = null
    seen = null
    if (!id) return show(null)
    try {
      show(await api.bulk.oneImport(id))
      if (step.value === 'map') await look()
    } catch (error) {
      trouble.value = troubleOf(error)
    }
  }

  async function refresh(): Promise<void> {
    const before = current.value?.state
    if (!current.value || (before !== 'running' && before !== 'checking')) return
    try {
      show(await api.bulk.oneImport(current.value.id))
      if (before === 'checking' && checked.value) await look()
    } catch {
      // The next look tries again; the import goes on without us.
    }
  }

  return { current, preview, columns, reading, checking, checked, trouble, speed, step, bring, look, map, turn, open, refresh }
}

/** Some column leads to a field. */
export const usable = ({ mapping }: Import): boolean => Object.values(mapping).some(Boolean)
