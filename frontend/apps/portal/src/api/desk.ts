import { type Http, Kaibo, type Page, type Role, type Schemas } from '@kaibo/client'
import { Bulk } from './bulk'
import { Drafts } from './drafts'
import { People } from './people'
import { Library } from './library'
import type {
  Account,
  Application,
  Business,
  BusinessEdit,
  BusinessName,
  ContentRow,
  Creator,
  CreatorEdit,
  JobRow,
  NewAccount,
  NewBusiness,
  NewCreator,
  NewProduct,
  NewProgram,
  NewRoom,
  NewStore,
  Option,
  OrderRow,
  Picture,
  ProcessHealth,
  Product,
  ProductEdit,
  ProgramEdit,
  ProgramRow,
  Room,
  RoomEdit,
  RoomKey,
  ShelfLine,
  SkuLine,
  StockRow,
  Store,
  StoreEdit,
  Verdict,
} from './types'
import { Modelling } from './models'

/** A page of a list: where it begins and what is wanted of it; empty filters are left out. */
export type Wanted = Record<string, string | number | null | undefined>

/** What an operator's desk asks of the server, one method per route. What every client asks is asked by the shared one. */
export class Desk {
  readonly library: Library
  readonly bulk: Bulk
  readonly drafts: Drafts
  readonly people: People
  private readonly shared: Kaibo
  readonly modelling: Modelling

  constructor(
    private readonly http: Http,
    private readonly upload: (file: Blob) => Promise<Picture>,
  ) {
    this.shared = new Kaibo(http)
    this.modelling = new Modelling(http)
    this.library = new Library(http)
    this.bulk = new Bulk(http)
    this.drafts = new Drafts(http)
    this.people = new People(http)
  }

  config: Kaibo['config'] = () => this.shared.config()
  signIn: Kaibo['signIn'] = (login, password) => this.shared.signIn(login, password)
  me: Kaibo['me'] = () => this.shared.me()
  signOut: Kaibo['signOut'] = () => this.shared.signOut()
  feed: Kaibo['feed'] = (tab, cursor) => this.shared.feed(tab, cursor)
  play: Kaibo['play'] = (program) => this.shared.play(program)
  ticket: Kaibo['ticket'] = (program, client) => this.shared.ticket(program, client)
  schedule: Kaibo['schedule'] = (program, startsAt) => this.shared.schedule(program, startsAt)
  openProgram: Kaibo['openProgram'] = (program) => this.shared.openProgram(program)
  push: Kaibo['push'] = (program) => this.shared.push(program)
  rotateKey: Kaibo['rotateKey'] = (program) => this.shared.rotateKey(program)
  contentPlay: Kaibo['contentPlay'] = (id) => this.shared.contentPlay(id)
  rains: Kaibo['rains'] = (program) => this.shared.rains(program)
  retryJob: Kaibo['retryJob'] = (id) => this.shared.retryJob(id)

  businesses = (cursor: string | null = null): Promise<Page<Business>> => this.http.get('/v1/businesses', { cursor, limit: 100 })
  oneBusiness = (id: string): Promise<Business> => this.http.get(`/v1/businesses/${id}`)
  createBusiness = (body: NewBusiness, key: string): Promise<Business> => this.http.post('/v1/businesses', body, { idempotencyKey: key })
  editBusiness = (id: string, body: BusinessEdit, rev: number): Promise<Business> => this.http.patch(`/v1/businesses/${id}`, body, { rev })
  accounts = (business: string, cursor: string | null = null): Promise<Page<Account>> => this.http.get('/v1/accounts', { business, cursor, limit: 100 })
  health = (): Promise<{ processes: ProcessHealth[] }> => this.http.get('/v1/health')

  programs = (wanted: Wanted): Promise<Page<ProgramRow>> => this.http.get('/v1/programs', wanted)
  oneProgram = (id: string): Promise<ProgramRow> => this.http.get(`/v1/programs/${id}`)
  createProgram = (body: NewProgram, key: string): Promise<ProgramRow> => this.http.post('/v1/programs', body, { idempotencyKey: key })
  editProgram = (id: string, body: ProgramEdit, rev: number): Promise<ProgramRow> =>
    this.http.patch(`/v1/programs/${id}`, body, { rev })
  putShelf = (id: string, offers: ShelfLine[], rev: number): Promise<ProgramRow> =>
    this.http.put(`/v1/programs/${id}/shelf`, { offers }, { rev })
  cancelProgram = (id: string): Promise<ProgramRow> => this.http.post(`/v1/programs/${id}/cancel`)
  stopProgram = (id: string, reason: string): Promise<ProgramRow> => this.http.post(`/v1/programs/${id}/end`, { reason })

  contents = (wanted: Wanted): Promise<Page<ContentRow>> => this.http.get('/v1/contents', wanted)
  oneContent = (id: string): Promise<ContentRow> => this.http.get(`/v1/contents/${id}`)
  publishContent = (id: string): Promise<ContentRow> => this.http.post(`/v1/contents/${id}/publish`)
  withdrawContent = (id: string): Promise<ContentRow> => this.http.post(`/v1/contents/${id}/withdraw`)

  products = (wanted: Wanted): Promise<Page<Product>> => this.http.get('/v1/products', wanted)
  oneProduct = (id: string): Promise<Product> => this.http.get(`/v1/products/${id}`)
  /** Pictures hang on a product that is there: they follow in a second step. */
  createProduct = (body: NewProduct, key: string): Promise<Product> => this.http.post('/v1/products', body, { idempotencyKey: key })
  editProduct = (id: string, body: ProductEdit, rev: number): Promise<Product> => this.http.patch(`/v1/products/${id}`, body, { rev })
  setSkus = (id: string, options: Option[], skus: SkuLine[], rev: number): Promise<Product> =>
    this.http.put(`/v1/products/${id}/skus`, { options, skus }, { rev })
  stock = (product: string): Promise<StockRow[]> => this.http.get(`/v1/products/${product}/stock`)
  countStock = (product: string, sku: string, onHand: number, key: string): Promise<StockRow> =>
    this.http.post(`/v1/products/${product}/stock/count`, { sku, on_hand: onHand }, { idempotencyKey: key })
  uploadPicture = (file: Blob): Promise<Picture> => this.upload(file)

  rooms = (wanted: Wanted): Promise<Page<Room>> => this.http.get('/v1/rooms', wanted)
  oneRoom = (id: string): Promise<Room> => this.http.get(`/v1/rooms/${id}`)
  createRoom = (body: NewRoom, key: string): Promise<Room> => this.http.post('/v1/rooms', body, { idempotencyKey: key })
  editRoom = (id: string, body: RoomEdit, rev: number): Promise<Room> => this.http.patch(`/v1/rooms/${id}`, body, { rev })
  roomKey = (id: string): Promise<RoomKey> => this.http.get(`/v1/rooms/${id}/push`)
  rotateRoomKey = (id: string): Promise<RoomKey> => this.http.post(`/v1/rooms/${id}/push`)

  setRoles = (id: string, business: string, roles: Role[], rev: number): Promise<Account> =>
    this.http.put(`/v1/accounts/${id}/roles/${business}`, { roles }, { rev })
  createAccount = (body: NewAccount, key: string): Promise<Account> => this.http.post('/v1/accounts', body, { idempotencyKey: key })

  creators = (wanted: Wanted): Promise<Page<Creator>> => this.http.get('/v1/creators', wanted)
  oneCreator = (id: string): Promise<Creator> => this.http.get(`/v1/creators/${id}`)
  admitCreator = (body: NewCreator, key: string): Promise<Creator> => this.http.post('/v1/creators', body, { idempotencyKey: key })
  editCreator = (id: string, body: CreatorEdit, rev: number): Promise<Creator> =>
    this.http.patch(`/v1/creators/${id}`, body, { rev })
  reviewCreator = (id: string, verdict: Verdict, reason: string): Promise<Creator> =>
    this.http.post(`/v1/creators/${id}/review`, { verdict, reason })
  places = (): Promise<Page<BusinessName>> => this.http.get('/v1/applications/places', { limit: 100 })
  apply = (body: Application, key: string): Promise<Creator> => this.http.post('/v1/applications', body, { idempotencyKey: key })

  stores = (wanted: Wanted): Promise<Page<Store>> => this.http.get('/v1/stores', wanted)
  oneStore = (id: string): Promise<Store> => this.http.get(`/v1/stores/${id}`)
  createStore = (body: NewStore, key: string): Promise<Store> => this.http.post('/v1/stores', body, { idempotencyKey: key })
  editStore = (id: string, body: StoreEdit, rev: number): Promise<Store> => this.http.patch(`/v1/stores/${id}`, body, { rev })

  orders = (wanted: Wanted): Promise<Page<OrderRow>> => this.http.get('/v1/business-orders', wanted)
  oneOrder = (id: string): Promise<OrderRow> => this.http.get(`/v1/orders/${id}`)
  /** `code` is what the buyer told who collects the order. */
  fulfilOrder = (id: string, step: Schemas['Fulfilment'], code: string): Promise<OrderRow> =>
    this.http.post(`/v1/orders/${id}/fulfil`, { step, code })
  refundOrder = (id: string, reason: string): Promise<OrderRow> => this.http.post(`/v1/orders/${id}/refund`, { reason })
  cancelOrder = (id: string, reason: string): Promise<OrderRow> => this.http.post(`/v1/orders/${id}/cancel`, { reason })

  allJobs = (wanted: Wanted): Promise<Page<JobRow>> => this.http.get('/v1/jobs', wanted)
}
