import type { Http, Page, Schemas } from '@kaibo/client'
import type { FormSchema, ModelSchema, Values } from '@/format/modelSchema'

export type Layer = Schemas['Layer']
export type FieldChange = Schemas['FieldChange']
export type Effect = Schemas['Effect']
export type Problem = Schemas['FieldError']
export type Migration = Schemas['Migration']
export type Rehearsal = Schemas['Rehearsal']
export type Checked = Schemas['Checked']
export type DryRun = Schemas['DryRunView']
export type TagCategory = Schemas['TagCategory']
export type Tag = Schemas['Tag']
export type StoredFile = Schemas['StoredFile']
export type Extension = Omit<Schemas['ExtensionView'], 'ext' | 'carried'> & { ext: Values; carried: Values }
/** Schemas are JSON to the server's document; here they have their shape. */
export type ContentModel = Omit<Schemas['ModelView'], 'draft'> & { draft: ModelSchema }
/** A model without its draft. */
export type ModelHead = Omit<Schemas['ModelHead'], 'created_at'>
export type ModelVersion = Omit<Schemas['VersionView'], 'schema'> & { schema: ModelSchema }
/** What a form is made from: the fields of a noun, and those that a business has for its own. */
export type Form = { noun: string; base: FormSchema; model: string; extension: ModelSchema | null }

export const LAYERS: Layer[] = ['room', 'program', 'trailer', 'live', 'replay', 'clip', 'article', 'picture_set']

const UPLOAD_TIMEOUT_MS = 90_000

/** What models, tags and files ask of the server. */
export class Modelling {
  constructor(private readonly http: Http) {}

  form = (noun: string, business: string): Promise<Form> => this.http.get(`/v1/forms/${noun}`, { business })

  models = (business: string): Promise<Page<ModelHead>> => this.http.get('/v1/models', { business, limit: 100 })
  model = (id: string): Promise<ContentModel> => this.http.get(`/v1/models/${id}`)
  begin = (business: string, layer: Layer, idempotencyKey: string): Promise<ContentModel> => this.http.post('/v1/models', { business, layer }, { idempotencyKey })
  saveDraft = (id: string, schema: unknown, rev: number): Promise<ContentModel> => this.http.put(`/v1/models/${id}/draft`, { schema }, { rev })
  check = (id: string, schema: unknown): Promise<Checked> => this.http.post(`/v1/models/${id}/check`, { schema })
  rehearse = (id: string): Promise<Rehearsal> => this.http.get(`/v1/models/${id}/rehearsal`)
  startDryRun = (id: string): Promise<DryRun> => this.http.post(`/v1/models/${id}/dry-runs`)
  dryRun = (id: string): Promise<DryRun> => this.http.get(`/v1/dry-runs/${id}`)
  publish = (id: string, rev: number, note: string, accept: boolean, idempotencyKey: string): Promise<ModelVersion> =>
    this.http.post(`/v1/models/${id}/publish`, { rev, note, accept_breaking: accept }, { idempotencyKey })
  versions = (id: string, cursor: string | null = null): Promise<Page<ModelVersion>> => this.http.get(`/v1/models/${id}/versions`, { cursor, limit: 20 })
  version = (id: string, number: number): Promise<ModelVersion> => this.http.get(`/v1/models/${id}/versions/${number}`)

  migrations = (model: string): Promise<Page<Migration>> => this.http.get(`/v1/models/${model}/migrations`, { limit: 10 })
  migrate = (model: string, idempotencyKey: string): Promise<Migration> => this.http.post(`/v1/models/${model}/migrations`, {}, { idempotencyKey })
  turnMigration = (id: string, how: 'stop' | 'resume' | 'undo'): Promise<Migration> => this.http.post(`/v1/migrations/${id}/${how}`)

  extension = (document: string): Promise<Extension> => this.http.get(`/v1/documents/${document}/extension`)
  putExtension = (document: string, ext: Values, rev: number): Promise<Extension> => this.http.put(`/v1/documents/${document}/extension`, { ext }, { rev })

  giveTags = (document: string, tags: string[], rev: number): Promise<Schemas['Tagged']> => this.http.put(`/v1/documents/${document}/tags`, { tags }, { rev })

  tree = async (business: string): Promise<TagCategory[]> => (await this.http.get<{ items: TagCategory[] }>('/v1/tag-categories', { business })).items
  addCategory = (business: string, name: string, parent: string, idempotencyKey: string): Promise<TagCategory> =>
    this.http.post('/v1/tag-categories', { business, name, parent }, { idempotencyKey })
  editCategory = (id: string, edit: Schemas['CategoryEdit'], rev: number): Promise<TagCategory> => this.http.patch(`/v1/tag-categories/${id}`, edit, { rev })
  dropCategory = (id: string): Promise<void> => this.http.delete(`/v1/tag-categories/${id}`)
  tags = (wanted: { business?: string; category?: string; q?: string; cursor?: string | null; limit?: number }): Promise<Page<Tag>> => this.http.get('/v1/tags', wanted)
  tag = (id: string): Promise<Tag> => this.http.get(`/v1/tags/${id}`)
  addTag = (category: string, name: string, idempotencyKey: string): Promise<Tag> => this.http.post('/v1/tags', { category, name }, { idempotencyKey })
  editTag = (id: string, edit: Schemas['TagEdit'], rev: number): Promise<Tag> => this.http.patch(`/v1/tags/${id}`, edit, { rev })

  fileOf = async (key: string): Promise<StoredFile | undefined> => (await this.http.get<Page<StoredFile>>('/v1/files', { key, limit: 1 })).items[0]
  /** A file is sent as it is; `open`: shown to whoever knows its key. */
  uploadFile = async (business: string, file: File, open: boolean): Promise<StoredFile> => {
    const query = new URLSearchParams({ business, name: file.name.slice(-120), open: String(open) })
    return this.http.post(`/v1/files?${query}`, await file.arrayBuffer(), { mediaType: typeOf(file), timeoutMs: UPLOAD_TIMEOUT_MS })
  }
}

/** Browsers name few types by the ending; the server looks into the file anyway. */
const BY_ENDING: Record<string, string> = {
  pdf: 'application/pdf',
  mp4: 'video/mp4',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  txt: 'text/plain',
  csv: 'text/csv',
}
export const FILE_ENDINGS = Object.keys(BY_ENDING).map((one) => `.${one}`)
const typeOf = (file: File): string => BY_ENDING[file.name.split('.').pop()?.toLowerCase() ?? ''] ?? (file.type || 'application/octet-stream')
