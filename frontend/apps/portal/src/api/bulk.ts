import type { Http, Page, Schemas } from '@kaibo/client'

export type Noun = Schemas['NounName']
export type Import = Schemas['ImportView']
export type Preview = Schemas['Preview']
export type PreviewRow = Schemas['PreviewRow']
export type BulkColumn = Schemas['Column']
export type Export = Schemas['ExportView']
export type NewExport = Schemas['NewExport']
/** The list of the library that is exported. */
export type Listing = Schemas['Listing']
export type Entry = Schemas['EntryView']
export type Proof = Schemas['Proof']

const UPLOAD_TIMEOUT_MS = 120_000
const PREVIEW_TIMEOUT_MS = 60_000

/** What imports, exports and the audit trail ask of the server. */
export class Bulk {
  constructor(private readonly http: Http) {}

  columns = (business: string, noun: Noun): Promise<BulkColumn[]> => this.http.get('/v1/imports/columns', { business, noun })
  imports = (business: string, cursor: string | null = null): Promise<Page<Import>> => this.http.get('/v1/imports', { business, cursor, limit: 20 })
  oneImport = (id: string): Promise<Import> => this.http.get(`/v1/imports/${id}`)
  /** The file is sent as it is: the server finds out what it is. */
  upload = async (business: string, noun: Noun, file: File, idempotencyKey: string): Promise<Import> => {
    const query = new URLSearchParams({ business, noun, name: file.name.slice(-120) })
    return this.http.post(`/v1/imports?${query}`, await file.arrayBuffer(), { mediaType: 'application/octet-stream', timeoutMs: UPLOAD_TIMEOUT_MS, idempotencyKey })
  }
  map = (id: string, mapping: Record<string, string>, rev: number): Promise<Import> => this.http.put(`/v1/imports/${id}/mapping`, { mapping }, { rev })
  preview = (id: string): Promise<Preview> => this.http.send('GET', `/v1/imports/${id}/preview`, { timeoutMs: PREVIEW_TIMEOUT_MS })
  turn = (id: string, how: 'check' | 'run' | 'stop' | 'resume'): Promise<Import> => this.http.post(`/v1/imports/${id}/${how}`)

  beginExport = (body: NewExport, idempotencyKey: string): Promise<Export> => this.http.post('/v1/exports', body, { idempotencyKey })
  exports = (business: string): Promise<Page<Export>> => this.http.get('/v1/exports', { business, limit: 20 })
  oneExport = (id: string): Promise<Export> => this.http.get(`/v1/exports/${id}`)
  turnExport = (id: string, how: 'stop' | 'resume'): Promise<Export> => this.http.post(`/v1/exports/${id}/${how}`)

  trail = (wanted: Record<string, string | number | null | undefined>): Promise<Page<Entry>> => this.http.get('/v1/audit', wanted)
  proof = (entry: string): Promise<Proof> => this.http.get(`/v1/audit/${entry}/proof`)
}

/** Links that the browser follows by itself, with the cookie of the session. */
export const exportFile = (id: string): string => `/v1/exports/${id}/file`
export const errorFile = (id: string): string => `/v1/imports/${id}/errors`
