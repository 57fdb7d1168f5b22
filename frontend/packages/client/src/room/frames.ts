/** The room's wire language (docs/protocols/room.md). One JSON object per text message, told apart by `t`. */
import type { Offer, PublicAccount } from '../api/types'

export type Command =
  | { type: 'chat'; text: string; seen_at?: number }
  | { type: 'like'; count: number }
  | { type: 'pin'; offer: string }
  | { type: 'unpin'; offer: string }
  | { type: 'announce'; text: string }
  /** `total` in minor units of the business's marketing budget. */
  | { type: 'rain'; total: number; packets: number; starts_in_s: number; lasts_s: number }
  | { type: 'grab'; envelope: string }

interface Stamped {
  seq: number
  /** The room owner's clock, epoch ms. */
  at: number
}

export type ChatSent = Stamped & { type: 'chat'; user: PublicAccount; text: string; badge?: string; seen_at?: number | null }
export type OfferPinned = Stamped & { type: 'pinned'; offer: string; product: string }
export type OfferUnpinned = Stamped & { type: 'unpinned'; offer: string; product: string; since_at: number; since_seq: number }

export type RainAnnounced = Stamped & {
  type: 'rain_announced'
  envelope: string
  total: number
  packets: number
  starts_at: number
  ends_at: number
  commitment: string
}

/** What is left of an offer for this show; `of` is missing while the show sells what is free. */
export interface OfferStock {
  left: number
  of?: number
  /** What is left of each SKU, for products with several. */
  skus?: Record<string, number>
}

/** Somebody paid an order; `who` is masked. */
export interface Bought {
  who: string
  offer: string
  units: number
}

/** What the show has sold, told to those who run it; `amount` in minor units. */
export interface Sales {
  orders: number
  units: number
  amount: number
  currency: string
  at: number
}

/** One of the largest packets; `rank` counts the grabs, 1 was the fastest. */
export interface Lucky {
  user: PublicAccount
  amount: number
  rank: number
}

export type RoomEvent =
  | ChatSent
  | OfferPinned
  | OfferUnpinned
  | (Stamped & { type: 'owner_changed'; epoch: number })
  | (Stamped & { type: 'erased'; was: string })
  | (Stamped & { type: 'likes_counted'; total: number })
  | (Stamped & { type: 'audience_sampled'; viewers: number; peak: number; came?: number })
  | (Stamped & { type: 'announced'; text?: string })
  | (Stamped & { type: 'shelf_set'; offers: Offer[] })
  | (Stamped & { type: 'stock_counted'; offers: Record<string, OfferStock> })
  | RainAnnounced
  | (Stamped & { type: 'rain_settled'; envelope: string; seed: string; grabbed: number; paid: number; returned: number })
  | (Stamped & { type: 'rain_luckiest'; envelope: string; luckiest: Lucky[] })
  | (Stamped & { type: 'program_state'; state: string; grace_until?: number | null; reason?: string })

/** The last red-envelope rain that was announced. Times are epoch ms of the server's clock, amounts minor units. */
export interface RainView {
  envelope: string
  total: number
  packets: number
  starts_at: number
  ends_at: number
  commitment: string
  settled: boolean
  grabbed: number
  /** Known once it is settled. */
  paid: number
  luckiest: Lucky[]
}

/** A packet of the caller's: `rank` 17 is the seventeenth that was given out. */
export interface Packet {
  amount: number
  rank: number
}

/** What only the caller sees: packets by envelope. */
export interface Mine {
  red_envelope?: Record<string, Packet>
}

/** What everybody in the room sees, at a cursor. */
export interface RoomView {
  program: string
  state: string
  title: string
  offers: Offer[]
  /** What is left, by offer; one that was not counted yet is not there. */
  stock: Record<string, OfferStock>
  /** Offer id being explained, or empty. */
  pinned: string
  pinned_at: number | null
  likes: number
  viewers: number
  peak: number
  /** Different viewers so far. */
  came: number
  notice: string
  went_live_at: number | null
  grace_until: number | null
  rain: RainView | null
}

/** A rain in a frame leaves out what has its default. */
export type WireRain = Pick<RainView, 'envelope' | 'total' | 'packets' | 'starts_at' | 'ends_at' | 'commitment'> & Partial<RainView>

export type UpFrame =
  | { t: 'join'; ticket: string; client: string; cursor?: number; lang: string }
  | { t: 'cmd'; n: number; c: Command }
  | { t: 'ping'; at: number }

export interface WelcomeFrame {
  t: 'welcome'
  epoch: number
  upto: number
  recovered: boolean
  view: Partial<Omit<RoomView, 'rain'>> & { rain?: WireRain | null }
  mine?: Mine
  events?: RoomEvent[]
  server_at: number
  role: string
  you: PublicAccount
}

export interface EventsFrame {
  t: 'ev'
  epoch: number
  after: number
  upto: number
  events?: RoomEvent[]
  likes?: number
  viewers?: number
  bought?: Bought[]
  grabbed?: number
}

export type DownFrame =
  | WelcomeFrame
  | EventsFrame
  | (Sales & { t: 'sales' })
  | { t: 'ack'; n: number; seq?: number; result?: Record<string, unknown> }
  | { t: 'nak'; n: number; code: string; title?: string; data?: Record<string, unknown>; retry_after?: number }
  | { t: 'pong'; at: number; server_at: number }
  | { t: 'bye'; code: string; title?: string; retry_after?: number }
