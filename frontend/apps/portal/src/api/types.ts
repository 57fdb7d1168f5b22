/** Documents that only the portal sees, under the names its screens use. */
import type { Content, Program, Schemas } from '@kaibo/client'

export type Business = Schemas['Business']
export type NewBusiness = Schemas['NewBusiness']
export type BusinessEdit = Schemas['BusinessEdit']
export type Room = Schemas['RoomProfile']
export type Product = Schemas['Product']
export type Account = Schemas['AccountView']
export type NewAccount = Schemas['NewAccount']
export type Creator = Schemas['Creator']
export type CreatorKind = Schemas['CreatorKind']
export type Presence = Schemas['Presence']
export type Verdict = Schemas['Verdict']
export type NewCreator = Schemas['NewCreator']
export type CreatorEdit = Schemas['CreatorEdit']
export type Application = Schemas['Application']
export type BusinessName = Schemas['BusinessName']
export type OrderRow = Schemas['OrderView']
export type Picture = Schemas['Picture']
export type ProcessHealth = Schemas['ProcessHealth']
export type ProgramRow = Program
export type ContentRow = Content

/** What a job was told and what came of it differ by kind. */
export type JobRow = Omit<Schemas['JobView'], 'data' | 'result'> & { data: Record<string, unknown>; result: Record<string, unknown> }

export type ShelfLine = { product: string; price?: Schemas['Money']; limit?: number }
export type NewProgram = Schemas['NewProgram']
export type ProgramEdit = Schemas['ProgramEdit']
export type NewRoom = Schemas['NewRoom']
export type RoomRole = { account: string; role: 'anchor' | 'assistant' }
export type RoomEdit = Schemas['RoomEdit']
export type Visibility = Schemas['Visibility']
export type RecordingPolicy = Schemas['RecordingPolicy']
export type RoomKey = Schemas['RoomKey']
export type NewProduct = Schemas['NewProduct']
export type Option = Schemas['Option']
export type Sku = Product['skus'][number]
/** A variant as it is to be; without an id a new one. */
export type SkuLine = Omit<Sku, 'id' | 'title'> & { id?: string }
/** The units of one SKU. */
export type StockRow = Schemas['StockView']
export type Store = Schemas['Store']
export type NewStore = Schemas['NewStore']
export type StoreEdit = Schemas['StoreEdit']
export type ProductEdit = Schemas['ProductEdit']
