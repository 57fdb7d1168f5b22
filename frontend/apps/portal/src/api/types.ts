/** Documents that only the portal sees; the others come from the shared client. */
import type { Content, Job, Money, Program, Role } from '@kaibo/client'

interface Base {
  id: string
  rev: number
  created_at: number
  updated_at: number
}

export interface Business extends Base {
  name: string
  slug: string
}

export interface Room extends Base {
  business: string
  /** Account id. */
  anchor: string
  title: string
  intro: string
  avatar: string
  cover: string
}

export interface Product extends Base {
  business: string
  title: string
  subtitle: string
  price: Money
  list_price?: Money | null
  pictures: string[]
}

export interface Account {
  id: string
  rev: number
  login: string
  name: string
  avatar?: string
  roles: Record<string, Role[]>
  disabled: boolean
}

export interface ProgramRow extends Program {
  intro: string
  end_reason: string
  created_at: number
  updated_at: number
  viewers?: number
}

export interface ContentRow extends Content {
  business: string
  room: string
  created_at: number
  published_at: number | null
}

export interface JobRow extends Job {
  attempts: number
  updated_at: number
  finished_at: number | null
  run_at: number
  result: Record<string, unknown>
}

export interface Picture {
  key: string
}

export interface ProcessHealth {
  name: string
  ready: boolean
  detail: string
}

export interface ShelfLine {
  product: string
  price?: Money
}

export interface NewProgram {
  room: string
  title: string
  intro: string
  cover: string
  starts_at: number | null
}

export type NewRoom = Pick<Room, 'business' | 'anchor' | 'title' | 'intro' | 'avatar' | 'cover'>
export type RoomEdit = Partial<Pick<Room, 'title' | 'intro' | 'avatar' | 'cover'>>
export type NewProduct = Pick<Product, 'business' | 'title' | 'subtitle' | 'price' | 'list_price' | 'pictures'>
export type ProductEdit = Omit<NewProduct, 'business'>
