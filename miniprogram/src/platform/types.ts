import type { Visit } from '@/api'
import type { Answer, CirclePlugin, Session, WechatPayParams } from '@/api/types'

/** What the app asks of its surroundings: WeChat's runtime, a browser inside WeChat, or any browser. */
export interface Platform {
  readonly kind: 'mini-program' | 'host-bridge' | 'official-account' | 'browser'
  /**
   * How a verified phone number is had: `button` is WeChat's own button (its event carries the code), `ask` is a
   * dialog of the host, `sms` a text message with a code.
   */
  readonly phone: 'button' | 'ask' | 'sms'
  /** Signing in needs nothing from the person, so an expired session renews itself. */
  readonly silent: boolean
  /** The token may be kept over restarts. */
  readonly keepsToken: boolean
  readonly subscribes: boolean
  readonly pays: boolean
  readonly scans: boolean
  /** A text can be saved as a file; else it goes to the clipboard. */
  readonly downloads: boolean
  /** Signs in; null when the person has to do it. Never settles when the page is being left for it. */
  signIn(visit: Visit): Promise<Session | null>
  /** The phone button's code; rejects with Declined when the person says no. Only where `phone` is `ask`. */
  askPhone(): Promise<string>
  /** Answers by template id. */
  subscribe(templateIds: string[]): Promise<Record<string, Answer>>
  /** Resolves when paid; rejects with Declined when cancelled. */
  pay(params: WechatPayParams): Promise<void>
  /** The text of a scanned code. */
  scan(): Promise<string>
  /** Opens WeChat Pay's page of automatic points: to consent, hand in or take it back. Null where there is none. */
  readonly openCircle: ((plugin: CirclePlugin) => Promise<void>) | null
  /** Makes the screen bright for a scanner, or as it was. Where that is impossible: nothing. */
  brighten(on: boolean): void
}

/** How the page was opened: read once, before the router touches the address. */
export interface Opening {
  scene: string
  hosted: boolean
  viaWechat: boolean
  /** The address itself asks for a sign-in through WeChat: whoever was signed in before may be someone else. */
  asksWechat: boolean
  oauth: { code: string; state: string } | null
}
