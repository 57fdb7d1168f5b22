import { ref } from 'vue'
import type { ProgramRow } from '@/api/types'
import { t } from '@/i18n'
import { confirm } from './confirm'
import { api } from './session'
import { say, sayTrouble } from './toasts'

/** Moves of a program that others notice: each is asked about first, and a refusal reads the program anew. */
export function useProgramMoves(changed: (program: ProgramRow) => void, reload: () => Promise<void>) {
  const busy = ref(false)

  async function move(program: ProgramRow, act: () => Promise<object>, done: string): Promise<void> {
    busy.value = true
    try {
      changed({ ...program, ...(await act()) })
      say(done)
    } catch (error) {
      sayTrouble(error)
      await reload()
    } finally {
      busy.value = false
    }
  }

  async function openProgram(program: ProgramRow): Promise<void> {
    await move(program, () => api.openProgram(program.id), t('program.opened'))
  }

  async function cancelProgram(program: ProgramRow): Promise<void> {
    const body = t('program.cancel.body', { title: program.title })
    const sure = await confirm({ title: t('program.cancel.title'), body, yes: t('program.cancel'), danger: true })
    if (sure !== null) await move(program, () => api.cancelProgram(program.id), t('program.cancelled'))
  }

  async function stopProgram(program: ProgramRow): Promise<void> {
    const reason = await confirm({
      title: t('live.stop.title', { title: program.title }),
      body: t('live.stop.body'),
      yes: t('live.stop'),
      danger: true,
      reasons: [t('live.stop.reason.content'), t('live.stop.reason.picture'), t('live.stop.reason.anchor'), t('live.stop.reason.other')],
    })
    if (reason !== null) await move(program, () => api.stopProgram(program.id, reason), t('live.stopped'))
  }

  return { busy, openProgram, cancelProgram, stopProgram }
}
