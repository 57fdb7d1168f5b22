import type { Moment } from '../replay/timeline'
import type { RoomView } from '../room/frames'
import type { ModelSchema } from '../fields/schema'
import type { Http } from './http'
import type {
  Address,
  Budget,
  Chapter,
  Config,
  Content,
  ContentPlay,
  Contribution,
  ContributionCard,
  ContributionForm,
  FeedCard,
  FeedTab,
  Job,
  NewOrder,
  OfferEdit,
  Order,
  OrderState,
  Page,
  PayPage,
  NewProgram,
  Picture,
  Play,
  Product,
  ProductChoice,
  Program,
  PublicAccount,
  PushAddress,
  RainProof,
  RainSummary,
  Room,
  SavedAddress,
  Session,
  Stock,
  StoryCard,
  StorePlace,
  Taker,
  Ticket,
  Wallet,
} from './types'

/** A window of a replay: the room as it was at its start, and all moments in it. Positions are ms of the picture. */
export interface Timeline {
  from_ms: number
  to_ms: number
  duration_ms: number
  view: Partial<RoomView>
  moments: Moment[]
  chapters: Chapter[]
  /** Where the rest begins when the window was cut. */
  next_ms?: number | null
}

/** The HTTP API, one method per route that a screen uses. */
export class Kaibo {
  constructor(readonly http: Http) {}

  config = (): Promise<Config> => this.http.get('/v1/config')

  signIn = (login: string, password: string): Promise<Session> => this.http.post('/v1/sessions', { login, password })
  /** `code` is what `wx.login` gave the mini-program; it is good once. */
  signInByWeChat = (code: string): Promise<Session> => this.http.post('/v1/sessions/wechat', { code })
  signOut = (): Promise<void> => this.http.delete('/v1/sessions')
  me = (): Promise<PublicAccount> => this.http.get('/v1/me')

  feed = (tab: FeedTab, cursor?: string | null): Promise<Page<FeedCard>> => this.http.get('/v1/feed', { tab, cursor, limit: 20 })

  myRooms = (): Promise<Page<Room>> => this.http.get('/v1/rooms', { mine: 'true', limit: 50 })
  products = (business: string, cursor?: string | null): Promise<Page<Product>> => this.http.get('/v1/products', { business, cursor, limit: 100 })
  /** The same picture again is the same object, so that an upload may be repeated. */
  uploadPicture = (business: string, file: ArrayBuffer, mediaType: string): Promise<Picture> =>
    this.http.send('POST', `/v1/pictures?business=${encodeURIComponent(business)}`, { body: file, mediaType })

  /** Sends bytes that nobody keeps, for the caller to time. */
  tryUplink = (body: ArrayBuffer): Promise<{ bytes: number }> => this.http.send('POST', '/v1/uplink', { body, mediaType: 'application/octet-stream' })

  createProgram = (program: NewProgram, idempotencyKey: string): Promise<Program> => this.http.post('/v1/programs', program, { idempotencyKey })
  setShelf = (program: string, products: readonly string[], rev: number): Promise<Program> =>
    this.http.put(`/v1/programs/${program}/shelf`, { offers: products.map((product) => ({ product })) }, { rev })
  /** Changes the live price or the units of one offer, also on air; `rev` is the program's. */
  changeOffer = (program: string, offer: string, edit: OfferEdit, rev: number): Promise<Program> =>
    this.http.patch(`/v1/programs/${program}/shelf/${offer}`, edit, { rev })
  /** The stock of each SKU of a product, for the staff of its business. */
  stock = (product: string): Promise<Stock[]> => this.http.get(`/v1/products/${product}/stock`)
  program = (id: string): Promise<Program> => this.http.get(`/v1/programs/${id}`)
  myPrograms = (cursor?: string | null): Promise<Page<Program>> => this.http.get('/v1/programs', { mine: 'true', cursor, limit: 50 })
  play = (program: string): Promise<Play> => this.http.get(`/v1/programs/${program}/play`)
  /** `visitor` is this device, whoever is signed in: it is counted once. */
  ticket = (program: string, client: string, visitor = ''): Promise<Ticket> => this.http.post(`/v1/programs/${program}/ticket`, { client, visitor })
  schedule = (program: string, startsAt: number): Promise<Program> =>
    this.http.post(`/v1/programs/${program}/schedule`, { starts_at: startsAt })
  openProgram = (program: string): Promise<Program> => this.http.post(`/v1/programs/${program}/open`)
  endProgram = (program: string): Promise<Program> => this.http.post(`/v1/programs/${program}/end`)
  push = (program: string): Promise<PushAddress> => this.http.get(`/v1/programs/${program}/push`)
  rotateKey = (program: string): Promise<PushAddress> => this.http.post(`/v1/programs/${program}/push`)
  programContents = (program: string): Promise<Page<Content>> => this.http.get(`/v1/programs/${program}/contents`)

  stories = (cursor?: string | null): Promise<Page<StoryCard>> => this.http.get('/v1/stories', { cursor, limit: 20 })
  content = (id: string): Promise<Content> => this.http.get(`/v1/contents/${id}`)
  takers = (): Promise<Page<Taker>> => this.http.get('/v1/contributions/takers', { limit: 100 })
  /** What the form of a noun is made from. */
  form = (noun: string): Promise<{ base: ModelSchema }> => this.http.get(`/v1/forms/${noun}`)
  contributionForm = (business: string, kind: string): Promise<ContributionForm> => this.http.get('/v1/contributions/form', { business, kind })
  contributions = (cursor?: string | null): Promise<Page<ContributionCard>> => this.http.get('/v1/contributions', { cursor, limit: 20 })
  contribution = (id: string): Promise<Contribution> => this.http.get(`/v1/contributions/${id}`)
  /** `body` is what was written, as JSON: an attempt without an answer is repeated to the letter, with its key. */
  contribute = (body: string, idempotencyKey: string): Promise<Contribution> => this.http.post('/v1/contributions', JSON.parse(body), { idempotencyKey })
  handInAgain = (id: string, body: string, rev: number, idempotencyKey: string): Promise<Contribution> =>
    this.http.put(`/v1/contributions/${id}`, JSON.parse(body), { rev, idempotencyKey })
  takeBack = (id: string): Promise<Contribution> => this.http.post(`/v1/contributions/${id}/take-back`)
  /** The same picture again is the same object, so that an upload may be repeated. */
  contributePicture = (business: string, file: ArrayBuffer, mediaType: string, onProgress?: (share: number) => void): Promise<Picture> =>
    this.http.send('POST', `/v1/contributions/pictures?business=${encodeURIComponent(business)}`, { body: file, mediaType, onProgress, timeoutMs: 120_000 })
  contentPlay = (id: string): Promise<ContentPlay> => this.http.get(`/v1/contents/${id}/play`)
  timeline = (content: string, fromMs: number, toMs: number): Promise<Timeline> =>
    this.http.get(`/v1/contents/${content}/timeline`, { from_ms: fromMs, to_ms: toMs })

  jobs = (program: string): Promise<Page<Job>> => this.http.get('/v1/jobs', { program, limit: 100 })
  retryJob = (id: string): Promise<Job> => this.http.post(`/v1/jobs/${id}/retry`)

  placeOrder = (order: NewOrder, idempotencyKey: string): Promise<Order> => this.http.post('/v1/orders', order, { idempotencyKey })
  orders = (state?: OrderState | null, cursor?: string | null): Promise<Page<Order>> =>
    this.http.get('/v1/orders', { state, cursor, limit: 20 })
  order = (id: string): Promise<Order> => this.http.get(`/v1/orders/${id}`)
  /** `returnPath` is the path of ours the buyer comes back to. */
  payOrder = (id: string, returnPath: string): Promise<PayPage> =>
    this.http.post(`/v1/orders/${id}/pay`, { return_path: returnPath })
  cancelOrder = (id: string, reason = ''): Promise<Order> => this.http.post(`/v1/orders/${id}/cancel`, { reason })
  refundOrder = (id: string, reason = ''): Promise<Order> => this.http.post(`/v1/orders/${id}/refund`, { reason })
  rains = (program: string): Promise<{ items: RainSummary[] }> => this.http.get(`/v1/programs/${program}/rains`)
  rainProof = (envelope: string): Promise<RainProof> => this.http.get(`/v1/rains/${envelope}/proof`)
  budget = (business: string): Promise<Budget> => this.http.get(`/v1/budgets/${business}`)
  choice = (program: string, product: string): Promise<ProductChoice> => this.http.get(`/v1/programs/${program}/products/${product}`)
  stores = (program: string): Promise<{ items: StorePlace[] }> => this.http.get(`/v1/programs/${program}/stores`)
  addresses = (): Promise<{ items: SavedAddress[] }> => this.http.get('/v1/addresses')
  addAddress = (address: Address, usual: boolean, idempotencyKey: string): Promise<SavedAddress> =>
    this.http.post('/v1/addresses', { address, usual }, { idempotencyKey })
  editAddress = (id: string, change: { address?: Address; usual?: boolean }, rev: number): Promise<SavedAddress> =>
    this.http.patch(`/v1/addresses/${id}`, change, { rev })
  deleteAddress = (id: string): Promise<void> => this.http.delete(`/v1/addresses/${id}`)
  wallet = (cursor?: string | null): Promise<Wallet> => this.http.get('/v1/wallet', { cursor, limit: 30 })
}

/** Where an object is shown from; empty keys have no picture. */
export const objectPath = (key: string | undefined | null): string => (!key ? '' : /^(https?:|\/|data:)/.test(key) ? key : `/o/${key}`)
