/**
 * The one way to the server: JSON in and out, bearer token, one silent renewal of an expired session, and
 * repeats of what may safely be repeated (reads, and commands, which carry an idempotency key).
 */
import { solve } from '@/rules/proof'

import { ApiError, errorOf, offline } from './errors'
import { learnServerTime, TIME_HEADER } from './serverClock'

export type Method = 'GET' | 'POST' | 'DELETE'

export interface WireRequest {
  method: Method
  url: string
  headers: Record<string, string>
  body?: unknown
  /** It carries a lot, and may take its time. */
  heavy?: boolean
}

export interface WireResponse {
  status: number
  body: unknown
  headers: Record<string, string>
}

/** Sends one request; rejects only when no answer came at all. */
export type Transport = (request: WireRequest) => Promise<WireResponse>

export interface SessionKeeper {
  token(): string
  /** Signs in again without asking the person; false when that cannot be done here. */
  renew(): Promise<boolean>
  /** The session is gone for good: show the way to sign in. */
  expired(): void
}

export interface ClientOptions {
  base: string
  transport: Transport
  session: SessionKeeper
  wait(ms: number): Promise<void>
}

export interface CallOptions {
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** Idempotency key of a command; the same for every repeat of one intent. */
  key?: string
  /** Sign-in calls and public reads must not run into the renewal. */
  anonymous?: boolean
  heavy?: boolean
}

const PAUSES_MS = [300, 900]

export class Client {
  constructor(private readonly options: ClientOptions) {}

  get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>('GET', path, options)
  }

  post<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.call<T>('POST', path, options)
  }

  delete(path: string, options: CallOptions = {}): Promise<void> {
    return this.call<void>('DELETE', path, options)
  }

  private async call<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    const { session } = this.options
    const used = session.token()
    try {
      return await this.repeat<T>(method, path, options)
    } catch (error) {
      if (!isExpiry(error) || options.anonymous) throw error
      // Another call may have renewed the session while this one was under way.
      const renewed = session.token() !== '' && session.token() !== used
      if (renewed || (await session.renew())) return this.repeat<T>(method, path, options)
      session.expired()
      throw error
    }
  }

  private async repeat<T>(method: Method, path: string, options: CallOptions): Promise<T> {
    const safe = method === 'GET' || options.key !== undefined
    let proof = ''
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.once<T>(method, path, options, proof)
      } catch (error) {
        if (asksForProof(error) && !proof) {
          proof = await this.prove(error)
          continue
        }
        const again = safe && attempt < PAUSES_MS.length && error instanceof ApiError && error.repeatable
        if (!again) throw error
        await this.options.wait(PAUSES_MS[attempt])
      }
    }
  }

  /** Many tries came before this one, here or behind the same address: it costs a moment of computing. */
  private async prove(error: ApiError): Promise<string> {
    const { challenge, bits } = error.fields
    const answer = await solve(String(challenge), Number(bits), () => this.options.wait(0))
    return `${challenge} ${answer}`
  }

  private async once<T>(method: Method, path: string, options: CallOptions, proof: string): Promise<T> {
    const request = {
      method,
      url: this.options.base + path + queryText(options.query),
      headers: this.headers(options, proof),
      body: options.body,
      heavy: options.heavy,
    }
    const response = await this.options.transport(request).catch(() => {
      throw offline()
    })
    learnServerTime(header(response.headers, TIME_HEADER))
    if (response.status >= 200 && response.status < 300) return response.body as T
    throw errorOf(response.status, response.body, header(response.headers, 'retry-after'))
  }

  private headers(options: CallOptions, proof: string): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    const token = this.options.session.token()
    if (token) headers.Authorization = `Bearer ${token}`
    if (proof) headers['X-Proof'] = proof
    if (options.key) headers['Idempotency-Key'] = options.key
    if (options.body !== undefined) headers['Content-Type'] = 'application/json'
    return headers
  }
}

function isExpiry(error: unknown): boolean {
  return error instanceof ApiError && error.kind === 'unauthenticated'
}

function asksForProof(error: unknown): error is ApiError {
  return error instanceof ApiError && error.code === 'proof_required'
}

function queryText(query: CallOptions['query']): string {
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '')
  if (pairs.length === 0) return ''
  return `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`
}

function header(headers: Record<string, string>, name: string): string | undefined {
  const found = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name)
  return found === undefined ? undefined : headers[found]
}
