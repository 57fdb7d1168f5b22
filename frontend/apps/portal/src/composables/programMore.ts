import type { ProgramEdit, ProgramRow, RecordingPolicy, Visibility } from '@/api/types'

/** What a program's form keeps beside its title, start and cover. */
export interface More {
  visibility: Visibility
  channels: string[]
  recording: RecordingPolicy
  rehearsal: boolean
  guests: string[]
  assistants: string[]
  share: string[]
}

export const moreOf = (program?: ProgramRow): More => ({
  visibility: program?.visibility ?? 'public',
  channels: [...(program?.channels ?? [])],
  recording: program?.recording ?? 'keep',
  rehearsal: program?.rehearsal ?? false,
  guests: program?.guests.map(({ id }) => id) ?? [],
  assistants: program?.assistants.map(({ id }) => id) ?? [],
  share: program?.share_picture ? [program.share_picture] : [],
})

/** As it goes over the wire; with `before`, only what is not as it was. */
export function moreToSend(more: More, before?: More): ProgramEdit {
  const { share, ...fields } = more
  const sent: ProgramEdit = { ...fields, share_picture: share[0] ?? '' }
  if (!before) return sent
  const { share: shareBefore, ...old } = before
  const was: Record<string, unknown> = { ...old, share_picture: shareBefore[0] ?? '' }
  return Object.fromEntries(Object.entries(sent).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(was[name])))
}
