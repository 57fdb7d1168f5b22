/** The room's wire language (docs/protocols/room.md). One JSON object per text message, told apart by `t`. */
import type { Offer, PublicAccount } from '../api/types'

export type Command =
  | { type: 'chat'; text: string; seen_at?: number }
  | { type: 'like'; count: number }
  | { type: 'pin'; offer: string }
  | { type: 'unpin'; offer: string }
  | { type: 'announce'; text: string }

interface Stamped {
  seq: number
  /** The room owner's clock, epoch ms. */
  at: number
}

export type ChatSent = Stamped & { type: 'chat'; user: PublicAccount; text: string; badge?: string; seen_at?: number | null }
export type OfferPinned = Stamped & { type: 'pinned'; offer: string; product: string }
export type OfferUnpinned = Stamped & { type: 'unpinned'; offer: string; product: string; since_at: number; since_seq: number }

export type RoomEvent =
  | ChatSent
  | OfferPinned
  | OfferUnpinned
  | (Stamped & { type: 'owner_changed'; epoch: number })
  | (Stamped & { type: 'erased'; was: string })
  | (Stamped & { type: 'likes_counted'; total: number })
  | (Stamped & { type: 'audience_sampled'; viewers: number; peak: number })
  | (Stamped & { type: 'announced'; text?: string })
  | (Stamped & { type: 'shelf_set'; offers: Offer[] })
  | (Stamped & { type: 'program_state'; state: string; grace_until?: number | null; reason?: string })

/** What everybody in the room sees, at a cursor. */
export interface RoomView {
  program: string
  state: string
  title: string
  offers: Offer[]
  /** Offer id being explained, or empty. */
  pinned: string
  pinned_at: number | null
  likes: number
  viewers: number
  peak: number
  notice: string
  went_live_at: number | null
  grace_until: number | null
}

export type UpFrame =
  | { t: 'join'; ticket: string; client: string; cursor?: number; lang: string }
  | { t: 'cmd'; n: number; c: Command }
  | { t: 'ping'; at: number }

export interface WelcomeFrame {
  t: 'welcome'
  epoch: number
  upto: number
  recovered: boolean
  view: Partial<RoomView>
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
}

export type DownFrame =
  | WelcomeFrame
  | EventsFrame
  | { t: 'ack'; n: number; seq?: number; result?: Record<string, unknown> }
  | { t: 'nak'; n: number; code: string; title?: string; data?: Record<string, unknown>; retry_after?: number }
  | { t: 'pong'; at: number; server_at: number }
  | { t: 'bye'; code: string; title?: string; retry_after?: number }
