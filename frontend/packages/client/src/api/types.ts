/**
 * The API's documents under the names the screens use. `schema.d.ts` is generated from the server's OpenAPI document
 * (`npm run generate`). Times are epoch milliseconds, money is minor units, pictures are object keys.
 */
import type { components } from './schema'

export type Schemas = components['schemas']

export type Money = Schemas['Money']
export type Role = Schemas['Role']
export type ProgramState = Schemas['ProgramState']
export type ContentKind = Schemas['ContentKind']
export type JobState = Schemas['JobState']

/** The room's frames leave fields out that have their default. */
export type PublicAccount = Pick<Schemas['PublicAccount'], 'id' | 'name'> & Partial<Schemas['PublicAccount']>
export type Session = Schemas['Session']
export type DemoLogin = Schemas['DemoLogin']
export type Config = Schemas['PublicConfig']

/** A product on a program's shelf. */
export type Offer = Pick<Schemas['Offer'], 'id' | 'number' | 'product' | 'title' | 'picture' | 'price'> & Partial<Schemas['Offer']>

/** What a clerk changes of an offer on air; left out stays. */
export type OfferEdit = Partial<Schemas['OfferEdit']>
export type Stock = Schemas['StockView']

export type FeedTab = Schemas['Tab']
/** A card on the home page: a program, or (tab replays) its replay. */
export type FeedCard = Schemas['Card']
export type Program = Schemas['ProgramView']
export type NewProgram = Pick<Schemas['NewProgram'], 'room' | 'title'> & Partial<Schemas['NewProgram']>
export type Room = Schemas['RoomProfile']
export type Product = Schemas['Product']
/** An uploaded picture. */
export type Picture = Schemas['Picture']
export type Play = Schemas['Play']
export type Ticket = Schemas['Ticket']
export type PushAddress = Schemas['PushAddress']
export type Content = Schemas['ContentView']
/** An article or a picture set on the home page. */
export type StoryCard = Schemas['StoryCard']
/** A business that takes contributions, the form of one, and what became of mine. */
export type Taker = Schemas['Taker']
export type ContributionForm = Schemas['ContributionForm']
export type ContributionCard = Schemas['ContributionCard']
export type Contribution = Schemas['ContributionView']
export type ContentPlay = Schemas['ContentPlay']
export type Chapter = Schemas['Chapter']
export type Job = Schemas['JobView']

export type NewOrder = Schemas['NewOrder']
export type Delivery = NewOrder['delivery']
export type Order = Schemas['OrderView']
export type OrderState = Schemas['OrderState']
/** What can be chosen of a product on a shelf, and one of its variants. */
export type ProductChoice = Schemas['ProductChoice']
export type SkuChoice = Schemas['SkuChoice']
/** A store where orders are collected, as its buyers see it. */
export type StorePlace = Schemas['StorePlace']
export type Address = Schemas['Address']
/** An address of a person's address book. */
export type SavedAddress = Schemas['SavedAddress']
/** The page of the payment provider on which an order is paid. */
export type PayPage = Schemas['PayPage']
/** A person's marketing credit, and how it came about. */
export type Wallet = Schemas['Wallet']
export type WalletEntry = Schemas['WalletEntry']
/** What a business can still give away. */
export type Budget = Schemas['Budget']
/** A red-envelope rain as everybody may see it, and what it takes to compute it again. */
export type RainSummary = Schemas['RainSummary']
export type RainProof = Schemas['RainProof']

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}
