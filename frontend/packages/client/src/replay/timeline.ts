import type { Offer } from '../api/types'
import type { ChatSent, RoomEvent, RoomView } from '../room/frames'
import { type ChatLine, EMPTY_VIEW, evolve, toLine } from '../room/view'

/** An explanation of a product: what a chapter of the scrubber is. Wall clock, epoch ms. */
export interface Chapter {
  offer: Offer
  fromAt: number
  toAt: number
}

const isChat = (event: RoomEvent): event is ChatSent => event.type === 'chat'

/** When a line belongs to the picture: what its sender saw, else when it was sent. */
const momentOf = (event: ChatSent): number => event.seen_at ?? event.at

/** The room of a recorded show at any moment, from the same events as the live room. */
export class ReplayTimeline {
  readonly chapters: readonly Chapter[]
  private readonly changes: readonly RoomEvent[]
  private readonly lines: readonly { moment: number; line: ChatLine }[]

  constructor(
    events: readonly RoomEvent[],
    private readonly begin: RoomView = EMPTY_VIEW,
  ) {
    this.changes = events.filter((event) => !isChat(event))
    this.lines = events
      .filter(isChat)
      .map((event) => ({ moment: momentOf(event), line: toLine(event) }))
      .sort((a, b) => a.moment - b.moment || a.line.seq - b.line.seq)
    this.chapters = readChapters(events, begin)
  }

  viewAt(at: number): RoomView {
    return this.changes.filter((event) => event.at <= at).reduce(evolve, this.begin)
  }

  linesAt(at: number, most: number): ChatLine[] {
    const end = this.lines.findIndex(({ moment }) => moment > at)
    const until = end === -1 ? this.lines.length : end
    return this.lines.slice(Math.max(0, until - most), until).map(({ line }) => line)
  }
}

function readChapters(events: readonly RoomEvent[], begin: RoomView): Chapter[] {
  const chapters: Chapter[] = []
  let view = begin
  for (const event of events) {
    if (event.type === 'unpinned') {
      const offer = view.offers.find(({ id }) => id === event.offer)
      if (offer) chapters.push({ offer, fromAt: event.since_at, toAt: event.at })
    }
    view = evolve(view, event)
  }
  return chapters
}
