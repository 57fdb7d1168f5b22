import type { Offer } from '../api/types'
import type { ChatSent, RainView, RoomEvent, RoomView, WireRain } from './frames'

export const EMPTY_VIEW: RoomView = {
  program: '',
  state: '',
  title: '',
  offers: [],
  stock: {},
  pinned: '',
  pinned_at: null,
  likes: 0,
  viewers: 0,
  peak: 0,
  came: 0,
  notice: '',
  went_live_at: null,
  grace_until: null,
  rain: null,
}

/** A rain with all its fields. */
export const wholeRain = (rain: WireRain): RainView => ({ settled: false, grabbed: 0, paid: 0, luckiest: [], ...rain })

/** The public view after one more event: the same rules as the server's, so live and replay show the same room. */
export function evolve(view: RoomView, event: RoomEvent): RoomView {
  switch (event.type) {
    case 'pinned':
      return { ...view, pinned: event.offer, pinned_at: event.at }
    case 'unpinned':
      return view.pinned === event.offer ? { ...view, pinned: '', pinned_at: null } : view
    case 'shelf_set':
      return { ...view, offers: event.offers, stock: ofOffers(view.stock, event.offers) }
    case 'stock_counted':
      return { ...view, stock: { ...view.stock, ...event.offers } }
    case 'announced':
      return { ...view, notice: event.text ?? '' }
    case 'likes_counted':
      return { ...view, likes: Math.max(view.likes, event.total) }
    case 'audience_sampled':
      return { ...view, viewers: event.viewers, peak: event.peak, came: event.came ?? view.came }
    case 'program_state':
      return {
        ...view,
        state: event.state,
        grace_until: event.grace_until ?? null,
        went_live_at: view.went_live_at ?? (event.state === 'live' ? event.at : null),
      }
    case 'rain_announced': {
      const { envelope, total, packets, starts_at, ends_at, commitment } = event
      return { ...view, rain: wholeRain({ envelope, total, packets, starts_at, ends_at, commitment }) }
    }
    case 'rain_settled':
      return ofRain(view, event.envelope, { settled: true, grabbed: event.grabbed, paid: event.paid })
    case 'rain_luckiest':
      return ofRain(view, event.envelope, { luckiest: event.luckiest })
    default:
      return view // chat is not part of the view; an event of a later server says nothing to this client
  }
}

const ofOffers = (stock: RoomView['stock'], offers: readonly Offer[]): RoomView['stock'] =>
  Object.fromEntries(Object.entries(stock).filter(([id]) => offers.some((offer) => offer.id === id)))

const ofRain = (view: RoomView, envelope: string, part: Partial<RainView>): RoomView =>
  view.rain?.envelope === envelope ? { ...view, rain: { ...view.rain, ...part } } : view

/** Grabs are not shown one by one: frames tell how many there were. */
export const withGrabbed = (view: RoomView, grabbed: number | undefined): RoomView =>
  grabbed === undefined || !view.rain || view.rain.settled ? view : { ...view, rain: { ...view.rain, grabbed } }

export interface ChatLine {
  seq: number
  at: number
  userId: string
  name: string
  text: string
  badge: string
}

export const toLine = ({ seq, at, user, text, badge }: ChatSent): ChatLine => ({
  seq,
  at,
  userId: user.id,
  name: user.name,
  text,
  badge: badge ?? '',
})

/** Chat in the order of the log, each line once, the last `keep` lines only. */
export function appendLines(lines: readonly ChatLine[], events: readonly RoomEvent[], keep: number): ChatLine[] {
  const last = lines[lines.length - 1]?.seq ?? -1
  const fresh = events.filter((event): event is ChatSent => event.type === 'chat' && event.seq > last).map(toLine)
  return fresh.length ? [...lines, ...fresh].slice(-keep) : [...lines]
}

/** Puts a line where it belongs, unless it is there: the room may leave lines out of what it shows, but never one's own. */
export function placeLine(lines: readonly ChatLine[], line: ChatLine, keep: number): readonly ChatLine[] {
  if (lines.some(({ seq }) => seq === line.seq)) return lines
  return [...lines, line].sort((a, b) => a.seq - b.seq).slice(-keep)
}
