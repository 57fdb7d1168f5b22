import type { Http, Page, Schemas } from '@kaibo/client'

export type Draft = Schemas['DraftView']
export type DraftState = Schemas['DraftState']
export type Face = Record<string, unknown>
export type Conflict = Schemas['ConflictView']
export type ReviewItem = Schemas['ReviewItem']
export type Revision = Schemas['RevisionView']
export type Comparison = Schemas['Comparison']
export type Change = Schemas['ChangeView']
export type UseKind = Schemas['UseKind']
export type UseRow = Schemas['UseView']

const at = (document: string): string => `/v1/documents/${document}`

/** What working on a draft, reviewing it and looking back ask of the server. Every step names the draft's revision. */
export class Drafts {
  constructor(private readonly http: Http) {}

  read = (document: string): Promise<Draft> => this.http.get(`${at(document)}/draft`)
  save = (document: string, face: Face, rev: number, resolves = false): Promise<Draft> => this.http.put(`${at(document)}/draft`, { face, resolves }, { rev })
  discard = (document: string, rev: number): Promise<Draft> => this.http.send('DELETE', `${at(document)}/draft`, { rev })
  submit = (document: string, rev: number): Promise<Draft> => this.step(document, 'submit', rev)
  withdraw = (document: string, rev: number): Promise<Draft> => this.step(document, 'withdraw', rev)
  approve = (document: string, rev: number): Promise<Draft> => this.step(document, 'approve', rev)
  sendBack = (document: string, reason: string, rev: number): Promise<Draft> => this.step(document, 'send-back', rev, { reason })
  /** Now, or at a time (epoch ms). */
  publish = (document: string, rev: number, publishAt: number | null = null): Promise<Draft> => this.step(document, 'publish', rev, { at: publishAt })
  unschedule = (document: string, rev: number): Promise<Draft> => this.step(document, 'unschedule', rev)

  reviews = (business: string, state: string, cursor: string | null): Promise<Page<ReviewItem>> => this.http.get('/v1/reviews', { business, state, cursor, limit: 50 })
  revisions = (document: string, cursor: string | null): Promise<Page<Revision>> => this.http.get(`${at(document)}/revisions`, { cursor, limit: 50 })
  compare = (document: string, from: string, to: string): Promise<Comparison> => this.http.get(`${at(document)}/compare`, { from, to })
  restore = (document: string, number: number, rev: number): Promise<Draft> => this.http.post(`${at(document)}/revisions/${number}/restore`, undefined, { rev })
  uses = (business: string, kind: UseKind, id: string, cursor: string | null): Promise<Page<UseRow>> => this.http.get('/v1/uses', { business, kind, id, cursor, limit: 50 })

  private step = (document: string, step: string, rev: number, body?: object): Promise<Draft> => this.http.post(`${at(document)}/${step}`, body, { rev })
}
