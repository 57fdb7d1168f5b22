import type { Http, Page, Role, Schemas } from '@kaibo/client'

export type Member = Schemas['MemberView']
export type Invitation = Schemas['InvitationView']
export type InvitationMade = Schemas['InvitationMade']
export type InvitationOffer = Schemas['InvitationOffer']
export type NewPerson = Schemas['NewPerson']
export type Joined = Schemas['Joined']
export type ApiKey = Schemas['KeyView']
export type KeyMade = Schemas['KeyMade']

/** Members, invitations and API keys of a business. */
export class People {
  constructor(private readonly http: Http) {}

  members = (business: string, q = '', cursor: string | null = null): Promise<Page<Member>> =>
    this.http.get('/v1/members', { business, q, cursor, limit: 100 })
  suppliers = async (business: string): Promise<Member[]> =>
    (await this.http.get<Page<Member>>('/v1/members', { business, role: 'supplier', limit: 100 })).items
  add = (business: string, login: string, roles: Role[], key: string): Promise<Member> =>
    this.http.post('/v1/members', { business, login, roles }, { idempotencyKey: key })
  remove = (business: string, account: string): Promise<void> => this.http.delete(`/v1/members/${business}/${account}`)

  invitations = (business: string, cursor: string | null = null): Promise<Page<Invitation>> =>
    this.http.get('/v1/invitations', { business, cursor, limit: 50 })
  invite = (business: string, roles: Role[], note: string, key: string): Promise<InvitationMade> =>
    this.http.post('/v1/invitations', { business, roles, note }, { idempotencyKey: key })
  revokeInvitation = (id: string): Promise<Invitation> => this.http.post(`/v1/invitations/${id}/revoke`)
  look = (token: string): Promise<InvitationOffer> => this.http.post('/v1/invitations/look', { token })
  accept = (token: string, person: NewPerson | null): Promise<Joined> =>
    this.http.post('/v1/invitations/accept', person ? { token, person } : { token })

  keys = (business: string, cursor: string | null = null, account = ''): Promise<Page<ApiKey>> =>
    this.http.get('/v1/keys', { business, account, cursor, limit: 50 })
  scopes = async (business: string): Promise<string[]> => (await this.http.get<{ scopes: string[] }>('/v1/scopes', { business })).scopes
  /** For a new service account, or for `account`. */
  createKey = (name: string, business: string, scopes: string[], days: number, account: string, key: string): Promise<KeyMade> =>
    this.http.post('/v1/keys', { name, scopes: { [business]: scopes }, days, account }, { idempotencyKey: key })
  renewKey = (id: string): Promise<KeyMade> => this.http.post(`/v1/keys/${id}/renew`)
  revokeKey = (id: string): Promise<ApiKey> => this.http.post(`/v1/keys/${id}/revoke`)
}
