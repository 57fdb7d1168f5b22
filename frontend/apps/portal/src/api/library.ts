import type { Http, Page, Schemas } from '@kaibo/client'

export type LibraryRow = Schemas['LibraryRow']
export type Listing = Schemas['Listing']
export type LibraryPage = Schemas['LibraryPage']
export type SavedView = Schemas['SavedView']
export type ViewBody = Schemas['ViewBody']
export type Noun = Schemas['Noun']
export type Layer = Schemas['Layer']
export type Extension = Schemas['ExtensionView']
export type ModelVersion = Schemas['VersionView']

export type NewKind = 'article' | 'picture_set'

/** What the library asks of the server. */
export class Library {
  constructor(private readonly http: Http) {}

  list = (wanted: Partial<Listing> & Pick<Listing, 'business' | 'noun'>): Promise<LibraryPage> => this.http.post('/v1/library/list', wanted)

  /** Writes a new article or picture set; it is seen once it is published. */
  begin = (business: string, kind: NewKind, title: string): Promise<Schemas['ContentView']> => this.http.post('/v1/contents', { business, kind, title })
  /** The same of a trailer: it announces a program. */
  beginTrailer = (business: string, program: string, media: string, title: string, idempotencyKey: string): Promise<Schemas['ContentView']> =>
    this.http.post('/v1/contents', { business, kind: 'trailer', program, media, title }, { idempotencyKey })

  views = (business: string, of: string): Promise<Page<SavedView>> => this.http.get('/v1/views', { business, of, limit: 100 })
  saveView = (business: string, of: string, body: ViewBody): Promise<SavedView> => this.http.post('/v1/views', { business, of, ...body })
  changeView = (id: string, body: ViewBody, rev: number): Promise<SavedView> => this.http.put(`/v1/views/${id}`, body, { rev })
  dropView = (id: string): Promise<void> => this.http.delete(`/v1/views/${id}`)

  /** The newest published model of a layer; null when there is none. */
  model = async (business: string, layer: Layer): Promise<ModelVersion | null> => {
    const { items } = await this.http.get<Page<Schemas['ModelHead']>>('/v1/models', { business, layer })
    const [model] = items
    return model?.latest ? this.http.get(`/v1/models/${model.id}/versions/${model.latest}`) : null
  }
  extension = (document: string): Promise<Extension> => this.http.get(`/v1/documents/${document}/extension`)
  putExtension = (document: string, ext: Record<string, unknown>, rev: number): Promise<Extension> =>
    this.http.put(`/v1/documents/${document}/extension`, { ext }, { rev })
}
