/** What `/api/v1` answers. Money in `_fen`, times RFC 3339 UTC, ids opaque. */

/** Where a picture is served: small for lists, the others for the top of a page. */
export interface Picture {
  small: string
  medium: string
  large: string
}

export interface Mall {
  code: string
  name: string
  accent: string
  /** The colour that bands run to; null: a shade of the accent. */
  accent_far: string | null
  slogan: string | null
  logo: Picture | null
  cover: Picture | null
  card: Picture | null
}

export interface Consent {
  version: string
  title: string
  body: string
}

export interface Entrance {
  scene: string
  name: string
  kind: string
  mall: Mall
  headline: string
  /** Whose personal code it is, masked. */
  invited_by: string | null
  /** A stopped or unknown code leads to the main entrance: its words are shown, the code keeps its name and count. */
  standing: 'open' | 'stopped' | 'unknown'
  benefits: Offer[]
  consent: Consent
}

/** One act of a member in the mini-program, by the phone's own clock. */
export interface Act {
  id: string
  kind: 'open' | 'page' | 'search' | 'share' | 'favourite' | 'route' | 'dwell'
  at: string
  scene: string
  page?: string
  subject?: string
  words?: string
  seconds?: number
}

export interface StorePlace {
  code: string
  name: string
  floor: string
}

/** A store of the directory; minutes are of the mall's day, and it may close after midnight. */
export interface DirectoryStore extends StorePlace {
  category: string
  opens_minute: number | null
  closes_minute: number | null
  phone: string | null
  about: string | null
  logo: Picture | null
  picture: Picture | null
  benefits: { campaign: string; title: string; brief: string; given: string }[]
}

export interface Directory {
  mall: Mall
  floors: string[]
  categories: { code: string; name: string }[]
  items: DirectoryStore[]
}

/** A benefit before it is taken. `brief`: what decides whether it is worth going there; `until`: how long it lasts. */
export interface Offer {
  campaign: string
  title: string
  summary: string
  kind: Coupon['kind']
  face_text: string
  brief: string
  until: string
  conditions: string[]
  stores: StorePlace[]
  picture: Picture | null
}

export interface Member {
  id: string
  status: 'visitor' | 'member'
  joined_at: string | null
  phone_masked: string | null
  phone_verified: boolean
  card_no: string | null
  points: number
  /** `next`: the tier above and the growth that is missing; null on the highest. */
  tier: { code: string; name: string; next: { name: string; missing: number } | null }
  growth: number
  mall: Mall
  coupons_usable: number
  tasks_done: number
  tasks_total: number
  /** Of the tasks that are still to be done. */
  tasks_points: number
}

/** A tier: `gives` follows from the mall's rules, `perks` are its own words. */
export interface Rung {
  code: string
  name: string
  threshold: number
  gives: string[]
  perks: string[]
}

/** Where the member stands, and all tiers from the lowest up; `counting` is the growth that counts for rising. */
export interface Ladder {
  growth: number
  counting: number
  code: string
  /** My period; null where tiers do not end, and on the lowest. `falls_to`: where it leads as things stand. */
  period: { last_day: string; growth: number; missing: number; falls_to: string | null } | null
  ladder: Rung[]
  /** How long a tier is kept, and what gives growth, in sentences. */
  lines: string[]
  earning: string[]
}

/** One change of growth, and why. */
export interface GrowthEntry {
  id: string
  growth: number
  after: number
  title: string
  at: string
}

export type GrowthPage = Page<GrowthEntry>

/** What a member could do next. `…_bps`: points for a yuan, 10000 is one. */
export interface Suggestions {
  tasks: { count: number; points: number }
  offers: Offer[]
  stores: (StorePlace & { logo: Picture | null; benefit: string; benefits: number; held: boolean })[]
  earning: { usual_bps: number; best_bps: number; best_stores: string[] } | null
}

export interface Session {
  token: string
  expires_at: string
  member: Member
}

export interface MemberCode {
  code: string
  /** To say aloud where a till cannot scan, with the last four of the phone. */
  digits: string
  /** Data URI of the QR picture. */
  svg: string
  expires_at: string
  refresh_in_s: number
}

export type CouponStatus = 'usable' | 'upcoming' | 'reserved' | 'redeemed' | 'expired' | 'void'
export type CouponList = 'usable' | 'used' | 'expired'

export interface Coupon {
  id: string
  code: string
  title: string
  summary: string
  kind: 'parking' | 'cash' | 'discount' | 'gift'
  face_text: string
  brief: string
  conditions: string[]
  stores: StorePlace[]
  picture: Picture | null
  valid_from: string
  valid_until: string
  status: CouponStatus
  plate: string | null
  redeemed_at: string | null
  redeemed_store: string | null
}

export interface CouponDetail extends Coupon {
  svg: string
}

export interface Page<T> {
  items: T[]
  next_cursor: string | null
}

export interface CategoryOption {
  code: string
  name: string
}

export interface TemplateOption {
  template: TemplateName
  template_id: string
  title: string
}

export type TemplateName = 'activity' | 'benefit' | 'member_day' | 'receipt'
export type Answer = 'accept' | 'reject'
export type Answers = Partial<Record<TemplateName, Answer>>

interface TaskFacts {
  title: string
  summary: string
  reward_points: number
  done: boolean
  done_at: string | null
}

export interface PreferencesTask extends TaskFacts {
  code: 'preferences'
  options?: CategoryOption[]
}

export interface FirstOrderTask extends TaskFacts {
  code: 'first_order_coupon'
  options?: Offer[]
}

export interface SubscribeTask extends TaskFacts {
  code: 'subscribe'
  options?: TemplateOption[]
}

export type Task = PreferencesTask | FirstOrderTask | SubscribeTask

export interface TaskList {
  done: number
  total: number
  items: Task[]
}

export interface TaskResult {
  task: Task
  points_awarded: number
  points: number
  granted: Coupon[]
}

export interface JoinResult {
  member: Member
  /** They had the benefits of joining before they left, and get none now. */
  had_before: boolean
  granted: Coupon[]
}

export interface Plate {
  plate: string
  bound_at: string
}

export interface PointsEntry {
  id: string
  /** Signed: positive when accrued, negative when spent. */
  points: number
  balance: number
  title: string
  /** Why a purchase earned so many: `286 元 × 1 + 会员日加赠 100%`. */
  sum: string | null
  at: string
}

/** What spending earns, in sentences. */
export interface EarningRules {
  lines: string[]
}

/** Points set aside for a spending that is not done yet. */
export interface PointsHold {
  id: string
  points: number
  title: string
  /** What a till asks for with them, by its id; null where they wait for something else. */
  payment: string | null
  at: string
  /** From this moment on they are free again; null where only an act ends it. */
  until: string | null
}

/** A receipt that I claim; `reason` says why it was rejected. */
export interface ReceiptClaim {
  id: string
  store: string
  receipt_no: string
  amount_fen: number
  day: string
  state: 'pending' | 'approved' | 'rejected'
  state_name: string
  reason: string | null
  at: string
  /** A photograph may prove it. */
  may_prove: boolean
}

/** A receipt that I photographed; store, number, sum and day once people have read them. */
export interface ReceiptPhoto {
  id: string
  state: 'pending' | 'approved' | 'rejected' | 'withdrawn'
  state_name: string
  reason: string | null
  store: string | null
  receipt_no: string | null
  amount_fen: number | null
  day: string | null
  has_photo: boolean
  at: string
}

/** `days`: how far back receipts count; `left`: how many I may send today; `kept_days`: how long photographs are kept. */
/** `days`: how far back receipts count; `left`: how many I may bring today; `notice`: the message about what became of one. */
interface BroughtPage<T> extends Page<T> {
  days: number
  left: number
  notice: TemplateOption
}

export interface PhotosPage extends BroughtPage<ReceiptPhoto> {
  kept_days: number
}

export type ClaimsPage = BroughtPage<ReceiptClaim>

/** What stands on a receipt, typed or as the code printed on it. */
export type ClaimWish = { code: string } | { store_code: string; receipt_no: string; amount_fen: number; day: string }

/** My code: its link, the page of the mini-program, what to say with it, what a friend brings, and the rules. */
export interface InvitationCode {
  code: string
  link: string
  page: string
  title: string
  points: number
  growth: number
  when: string
  rules: string[]
}

/** A friend who joined by it, masked, with how it stands and what they brought. */
export interface Friend {
  id: string
  name: string
  joined_at: string
  state: 'joined' | 'acted' | 'asked' | 'paid' | 'void'
  state_name: string
  note: string
  points: number
  growth: number
}

/** What all friends came to, and how many may still count this month. */
export interface FriendsPage extends Page<Friend> {
  joined: number
  came: number
  points: number
  growth: number
  left: number
}

export interface InvitationPoster {
  picture: string
  name: string
}

/** What opens the platform's own page of it; only the mini-program is told. */
export interface CirclePlugin {
  openid: string
  mch_id: string
}

/** How I stand with the points for payments by WeChat Pay; `has_to_submit` is null when nobody knows. */
export interface Circle {
  is_offered: boolean
  state: 'never' | 'card' | 'on' | 'off'
  has_to_submit: boolean | null
  plugin: CirclePlugin | null
}

export interface PointsPage extends Page<PointsEntry> {
  available: number
  /** What they buy together; 10000 of `factor_bps`: a point is worth a fen. */
  worth_fen: number
  owed: number
  factor_bps: number
  frozen_points: number
  holds: PointsHold[]
  expiring: { points: number; on: string } | null
}

/** A coupon that is to be had for points, or points and cash. */
export interface ExchangeOffer extends Offer {
  points: number
  cash_fen: number
  /** The price in words. */
  price: string
  affordable: boolean
  /** How many more of it I may get. */
  left: number
  gone: boolean
  /** Whom it is for, where I am not one of them. */
  only_for: string | null
}

export interface ExchangeOffers {
  available: number
  rule: string
  items: ExchangeOffer[]
}

export interface Exchange {
  id: string
  /** `released`: given up before it was paid; the points are free again. `refunded`: given back, unused. */
  status: 'awaiting_cash' | 'done' | 'released' | 'refunded'
  points: number
  cash_fen: number
  coupon: string | null
  close_after: string
}

export interface ExchangeResult {
  exchange: Exchange
  wechat_pay: WechatPayParams | null
}

/** What a store asks me to confirm: points, what they are worth there, and until when. */
export interface PointsAsked {
  id: string
  store: string
  floor: string
  points: number
  worth_fen: number
  status: 'awaiting' | 'paid' | 'released' | 'reversed'
  confirm_by: string
}

/** Minutes that my tier gives of a stay, and what they take off before all else. */
export interface FreeTime {
  tier: string
  minutes: number
  covers_fen: number
}

/** What was due, in its parts. */
export interface Split {
  tier: string | null
  tier_minutes: number
  tier_fen: number
  coupons: number
  coupons_fen: number
  points: number
  points_fen: number
  cash_fen: number
}

export interface ParkingSession {
  id: string
  car_park: string
  mall: string
  plate: string
  entered_at: string
  minutes: number
  fee_fen: number
  paid_fen: number
  /** What this member paid of it already. */
  paid_split: Split | null
  due_fen: number
  /** Taken off what is due already; where nothing is left, the barrier opens by itself. */
  free: FreeTime | null
  free_minutes: number
  exit_by: string | null
  tariff_text: string
}

export interface CouponCover {
  id: string
  title: string
  minutes: number
  covers_fen: number
}

export interface Quote {
  quote_id: string
  valid_until: string
  fee_fen: number
  /** Taken off the fee in any case; proposal and alternatives are about the rest. */
  free: FreeTime | null
  /** 10000: a point is worth a fen. */
  points_factor_bps: number
  proposal: { coupons: CouponCover[]; points: { points: number; covers_fen: number }; cash_fen: number }
  alternatives: { max_points: number; coupons: CouponCover[] }
}

export interface WechatPayParams {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  signType: string
  paySign: string
}

export interface ParkingPayment {
  id: string
  /** `released`: given up before it was paid; coupons and points are free again. */
  status: 'paid' | 'awaiting_cash' | 'released'
  cash_fen: number
  due_fen: number
  split: Split
  exit_by: string | null
}

export type TitleKind = 'person' | 'company'

/** An invoice that was wished for; a person's name and the address are masks. */
export interface Invoice {
  status: 'asked' | 'issued' | 'refused'
  refusal: string | null
  amount_fen: number
  title_kind: TitleKind
  title: string | null
  tax_no: string | null
  email: string | null
  asked_at: string
  answered_at: string | null
}

/** An invoice in the list of them, and the stay that was paid. */
export interface WishedInvoice extends Invoice {
  id: string
  payment: string
  car_park: string
  mall: string
  plate: string
  paid_at: string
}

export interface InvoiceWish {
  title_kind: TitleKind
  title: string
  tax_no: string
  email: string
}

/** Something paid for a stay, or money that came too late for it and goes back. */
export interface PaidStay {
  id: string
  status: 'paid' | 'refunding' | 'refunded'
  car_park: string
  mall: string
  plate: string
  entered_at: string
  exited_at: string | null
  at: string
  due_fen: number
  split: Split
  refund: { amount_fen: number; at: string | null } | null
  may_ask_invoice: boolean
  invoice: Invoice | null
}

export interface PayResult {
  payment: ParkingPayment
  wechat_pay: WechatPayParams | null
}

/** Points and coupons that could still be used. */
export interface LeavingCost {
  points: number
  coupons: number
}

export interface LeavingNotice {
  cost: LeavingCost
  cars_parked: number
  /** Owed again by who comes back within the days for which a digest of phone and WeChat identity is kept. */
  debt_points: number
  remembered_days: number
  /** Why it is not possible yet. */
  obstacle: { code: string; message: string } | null
}

export interface Left {
  cost: LeavingCost
  closed_at: string
}

/** Everything that is kept about a person, for the person alone: it is saved, not shown. */
export type OwnData = Record<string, unknown>

/** The same for reading: a PDF in base64, and what to call it. */
export interface ReadableData {
  name: string
  pdf_base64: string
}
