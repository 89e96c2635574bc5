/** The endpoints of `/api/v1`, one function each; pages call these and nothing else. */
import { client } from './instance'
import type {
  Act, Answers, Circle, ClaimsPage, ClaimWish, Coupon, CouponDetail, CouponList, Directory, EarningRules, Entrance, Exchange, ExchangeOffers, ExchangeResult, FriendsPage, GrowthPage, InvitationCode, InvitationPoster, Invoice, InvoiceWish, JoinResult, Ladder, LeavingCost, LeavingNotice, Left, Member, MemberCode, OwnData, Page,
  PaidStay, ParkingPayment, ParkingSession, PayResult, PhotosPage, Plate, PointsAsked, PointsPage, Quote, ReadableData, ReceiptClaim, ReceiptPhoto, Session, Suggestions, TaskList, TaskResult, WishedInvoice,
} from './types'

/** Where the shopper came in: sent with sign-in and join so that the entrance gets its due. */
export interface Visit {
  scene?: string
  visit_key?: string
}

export const entrances = {
  get: (scene: string) => client.get<Entrance>(`/entrances/${encodeURIComponent(scene || 'default')}`, { anonymous: true }),
  countScan: (visit: Visit) => client.post<object>('/entrance-scans', { body: visit, key: visit.visit_key, anonymous: true }),
}

export const malls = {
  stores: (code: string) => client.get<Directory>(`/malls/${encodeURIComponent(code)}/stores`, { anonymous: true }),
}

export const sessions = {
  miniProgram: (code: string, visit: Visit) =>
    client.post<Session>('/sessions/mini-program', { body: { code, ...visit }, anonymous: true }),
  officialAccount: (code: string, state: string, visit: Visit) =>
    client.post<Session>('/sessions/official-account', { body: { code, state, ...visit }, anonymous: true }),
  authorizeUrl: (returnTo: string) =>
    client.get<{ url: string }>('/sessions/official-account/authorize-url', { query: { return_to: returnTo }, anonymous: true }),
  sendSmsCode: (phone: string) =>
    client.post<{ retry_after_s: number }>('/sms-codes', { body: { phone }, anonymous: true }),
  sms: (phone: string, code: string, visit: Visit) =>
    client.post<Session>('/sessions/sms', { body: { phone, code, ...visit }, anonymous: true }),
  signOut: (key: string) => client.delete('/sessions/current', { key, anonymous: true }),
}

export const members = {
  me: () => client.get<Member>('/members/me'),
  join: (input: { consent_version: string; phone_code?: string; device?: string } & Visit, key: string) =>
    client.post<JoinResult>('/members/me/join', { body: input, key }),
  code: () => client.get<MemberCode>('/members/me/code'),
  earningRules: () => client.get<EarningRules>('/members/me/points/rules'),
  points: (cursor?: string) => client.get<PointsPage>('/members/me/points', { query: { cursor } }),
  tier: () => client.get<Ladder>('/members/me/tier'),
  growth: (cursor?: string) => client.get<GrowthPage>('/members/me/growth', { query: { cursor } }),
  suggestions: () => client.get<Suggestions>('/members/me/suggestions'),
  subscribe: (results: Answers, key: string) =>
    client.post<{ stock: Record<string, number> }>('/members/me/subscriptions', { body: { results }, key }),
  unsubscribe: (key: string) => client.delete('/members/me/subscriptions', { key }),
  data: () => client.get<OwnData>('/members/me/data'),
  readableData: () => client.get<ReadableData>('/members/me/data/readable'),
  leaving: () => client.get<LeavingNotice>('/members/me/leaving'),
  /** Never signs in anew on the way: that would make somebody new, and let them leave at once. */
  leave: (told: LeavingCost, key: string) =>
    client.post<Left>('/members/me/leaving', { body: told, key, anonymous: true }),
}

/** Coupons for points. */
export const exchanges = {
  offers: () => client.get<ExchangeOffers>('/members/me/exchanges'),
  begin: (input: { campaign: string; points: number; cash_fen: number }, key: string) =>
    client.post<ExchangeResult>('/members/me/exchanges', { body: input, key }),
  get: (id: string) => client.get<Exchange>(`/members/me/exchanges/${encodeURIComponent(id)}`),
  cancel: (id: string, key: string) =>
    client.post<Exchange>(`/members/me/exchanges/${encodeURIComponent(id)}/cancel`, { body: {}, key }),
}

/** Receipts that the till did not credit to me. */
export const claims = {
  list: (cursor?: string) => client.get<ClaimsPage>('/members/me/receipt-claims', { query: { cursor } }),
  make: (wish: ClaimWish, key: string) => client.post<ReceiptClaim>('/members/me/receipt-claims', { body: wish, key }),
}

/** Receipts that I photograph. */
export const photos = {
  list: (cursor?: string) => client.get<PhotosPage>('/members/me/receipt-photos', { query: { cursor } }),
  send: (input: { photo: string; claim?: string }, key: string) =>
    client.post<ReceiptPhoto>('/members/me/receipt-photos', { body: input, key, heavy: true }),
  image: (id: string) => client.get<{ url: string }>(photoPath(id), { heavy: true }),
  drop: (id: string, key: string) => client.delete(photoPath(id), { key }),
}

/** Friends whom I invite. */
export const invitations = {
  open: (told: { device: string }, key: string) => client.post<InvitationCode>('/members/me/invitation-code', { body: told, key }),
  list: (cursor?: string) => client.get<FriendsPage>('/members/me/invitations', { query: { cursor } }),
  poster: () => client.get<InvitationPoster>('/members/me/invitations/poster'),
}

/** Points for payments by WeChat Pay. */
export const circle = {
  get: () => client.get<Circle>('/members/me/circle'),
}

/** Points that tills ask for. */
export const pointsPayments = {
  asked: () => client.get<{ items: PointsAsked[] }>('/members/me/points/payments'),
  confirm: (id: string, key: string) => client.post<PointsAsked>(`${pointsPaymentPath(id)}/confirm`, { body: {}, key }),
  decline: (id: string, key: string) => client.post<PointsAsked>(`${pointsPaymentPath(id)}/decline`, { body: {}, key }),
}

export const behaviour = {
  /** Nobody is shown the way to sign in because of it; what comes twice counts once by its id. */
  tell: (sent_at: string, events: Act[]) => client.post<object>('/behaviour-events', { body: { sent_at, events }, anonymous: true }),
}

export const coupons = {
  list: (status: CouponList, cursor?: string) =>
    client.get<Page<Coupon>>('/members/me/coupons', { query: { status, cursor } }),
  get: (id: string) => client.get<CouponDetail>(`/members/me/coupons/${encodeURIComponent(id)}`),
}

export const tasks = {
  list: () => client.get<TaskList>('/members/me/tasks'),
  choosePreferences: (categories: string[], key: string) => complete('preferences', { categories }, key),
  claimFirstOrder: (campaign: string, key: string) => complete('first_order_coupon', { campaign }, key),
  subscribe: (results: Answers, key: string) => complete('subscribe', { results }, key),
}

export const plates = {
  list: () => client.get<{ items: Plate[] }>('/members/me/plates'),
  bind: (plate: string, key: string) =>
    client.post<{ plate: string; bound_coupons: number; had_gift: boolean }>('/members/me/plates', { body: { plate }, key }),
  unbind: (plate: string, key: string) => client.delete(`/members/me/plates/${encodeURIComponent(plate)}`, { key }),
}

export const parking = {
  current: () => client.get<{ sessions: ParkingSession[] }>('/members/me/parking'),
  quote: (session: string, key: string) => client.post<Quote>(`${parkingPath(session)}/quote`, { body: {}, key }),
  pay: (session: string, input: { quote_id: string; coupon_ids: string[]; points: number }, key: string) =>
    client.post<PayResult>(`${parkingPath(session)}/pay`, { body: input, key }),
  payment: (id: string) => client.get<ParkingPayment>(`/members/me/parking/payments/${encodeURIComponent(id)}`),
  paid: (cursor?: string) => client.get<Page<PaidStay>>('/members/me/parking/payments', { query: { cursor } }),
  invoices: (cursor?: string) => client.get<Page<WishedInvoice>>('/members/me/parking/invoices', { query: { cursor } }),
  askInvoice: (id: string, wish: InvoiceWish, key: string) =>
    client.post<Invoice>(`/members/me/parking/payments/${encodeURIComponent(id)}/invoice`, { body: wish, key }),
}

function complete(task: string, body: object, key: string): Promise<TaskResult> {
  return client.post<TaskResult>(`/members/me/tasks/${task}/complete`, { body, key })
}

function photoPath(id: string): string {
  return `/members/me/receipt-photos/${encodeURIComponent(id)}/image`
}

function pointsPaymentPath(id: string): string {
  return `/members/me/points/payments/${encodeURIComponent(id)}`
}

function parkingPath(session: string): string {
  return `/members/me/parking/${encodeURIComponent(session)}`
}
