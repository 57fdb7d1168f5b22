import type { ChatSent, RoomEvent, RoomView } from '../room/frames'
import { type ChatLine, EMPTY_VIEW, evolve, toLine } from '../room/view'

/** An event and where it lies in the replay, in ms of the picture. */
export interface Moment {
  at_ms: number
  event: RoomEvent
}

type ChatMoment = Moment & { event: ChatSent }

const isChat = (moment: Moment): moment is ChatMoment => moment.event.type === 'chat'

/** The room of a recorded show at any position, from the same events as the live room. Moments are in order. */
export class ReplayTimeline {
  private readonly changes: readonly Moment[]
  private readonly chat: readonly ChatMoment[]

  constructor(
    moments: readonly Moment[],
    private readonly begin: RoomView = EMPTY_VIEW,
  ) {
    this.changes = moments.filter((moment) => !isChat(moment))
    this.chat = moments.filter(isChat)
  }

  viewAt(ms: number): RoomView {
    return this.changes.slice(0, countUpTo(this.changes, ms)).reduce((view, { event }) => evolve(view, event), this.begin)
  }

  /** The last `most` lines that had been said. */
  linesAt(ms: number, most: number): ChatLine[] {
    const end = countUpTo(this.chat, ms)
    return this.chat.slice(Math.max(0, end - most), end).map(({ event }) => toLine(event))
  }
}

function countUpTo(moments: readonly Moment[], ms: number): number {
  const end = moments.findIndex(({ at_ms }) => at_ms > ms)
  return end === -1 ? moments.length : end
}
