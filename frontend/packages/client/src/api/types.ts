/** Documents as the HTTP API sends them. Times are epoch milliseconds, money is minor units, pictures are object keys. */

export interface Money {
  amount: number
  currency: string
}

export type Role = 'operator' | 'business_operator' | 'anchor' | 'assistant' | 'viewer'
export type ProgramState = 'draft' | 'scheduled' | 'ready' | 'live' | 'interrupted' | 'ended' | 'cancelled'
export type ContentKind = 'trailer' | 'live' | 'replay' | 'clip'
export type JobState = 'queued' | 'running' | 'done' | 'failed'

export interface PublicAccount {
  id: string
  name: string
  avatar?: string
  roles?: Record<string, Role[]>
}

export interface Session {
  token: string
  expires_at: number
  account: PublicAccount
}

export interface DemoLogin {
  login: string
  password: string
  role: string
}

export interface Config {
  name: string
  version: string
  room_url: string
  media_url: string
  whip_url: string
  rtmp_url: string
  server_at: number
  grace_ms: number
  demo: boolean
  demo_logins: DemoLogin[]
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

/** A product on a program's shelf. */
export interface Offer {
  id: string
  number: number
  product: string
  title: string
  picture: string
  price: Money
  list_price?: Money | null
}

/** A card on the home page: a program, or (tab replays) its replay. */
export interface FeedCard {
  program: string
  content: string
  title: string
  cover: string
  state: ProgramState
  viewers: number
  starts_at: number | null
  went_live_at: number | null
  ended_at: number | null
  duration_ms: number
  anchor: PublicAccount
  offers: Offer[]
}

export type FeedTab = 'live' | 'coming' | 'replays'

export interface Program {
  id: string
  rev: number
  business: string
  room: string
  title: string
  cover: string
  state: ProgramState
  starts_at: number | null
  went_live_at: number | null
  ended_at: number | null
  grace_until: number | null
  shelf: Offer[]
  anchor: PublicAccount
  /** Content id of the replay, empty until there is one. */
  replay: string
}

export interface Play {
  flv_url: string
  hls_url: string
  expires_at: number
}

export interface Ticket {
  ticket: string
  expires_at: number
}

export interface PushAddress {
  /** RTMP application; what OBS calls the server. */
  server_url: string
  key: string
  /** Server and key in one, as ffmpeg takes it. */
  url: string
  whip_url: string
  expires_at: number | null
  rev: number
}

export interface Content {
  id: string
  rev: number
  program: string
  kind: ContentKind
  title: string
  state: 'preparing' | 'published' | 'withdrawn'
  cover: string
  media: string
  duration_ms: number
  products: string[]
  offers: Offer[]
  source: { from_at: number; to_at: number }
}

export interface ContentPlay {
  url: string
  expires_at: number
}

export interface Job {
  id: string
  kind: string
  program: string
  state: JobState
  progress: number
  reason: string
  created_at: number
  data: Record<string, unknown>
}
