/** Every failure of a call, with the server's Chinese text where it sent one. */
export type Kind = 'offline' | 'server' | 'unauthenticated' | 'refused'

export class ApiError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly kind: Kind,
    readonly fields: Record<string, unknown> = {},
    /** Seconds the server asks to wait before the next try, 0 when it says nothing. */
    readonly retryAfter = 0,
  ) {
    super(message)
    // Compiled down to ES5 classes, `instanceof` needs the prototype put back.
    Object.setPrototypeOf(this, ApiError.prototype)
  }

  /** The outcome is unknown or will change: the same call with the same key may be sent again. */
  get repeatable(): boolean {
    return this.kind === 'offline' || this.kind === 'server'
  }
}

export function offline(): ApiError {
  return new ApiError('offline', '网络不给力，请检查网络后重试', 'offline')
}

/** A person said no in one of the platform's dialogs: nothing went wrong, nothing was done. */
export class Declined extends Error {
  constructor(message: string) {
    super(message)
    Object.setPrototypeOf(this, Declined.prototype)
  }
}

/** The error of an answer that is not 2xx; works with any body, also a proxy's HTML page. */
export function errorOf(status: number, body: unknown, retryAfter: string | undefined): ApiError {
  const told = (body as { error?: { code?: unknown; message?: unknown; fields?: unknown } } | null)?.error
  const code = typeof told?.code === 'string' ? told.code : `http_${status}`
  const wait = Number(retryAfter) || 0
  const message = typeof told?.message === 'string' && told.message ? told.message : fallback(status, wait)
  const fields = (told?.fields ?? {}) as Record<string, unknown>
  return new ApiError(code, message, kindOf(status), fields, wait)
}

/** Chinese text of anything thrown, for the places that show it. */
export function textOf(error: unknown): string {
  return error instanceof ApiError || error instanceof Declined ? error.message : '出了点问题，请稍后再试'
}

function kindOf(status: number): Kind {
  if (status === 401) return 'unauthenticated'
  return status >= 500 ? 'server' : 'refused'
}

function fallback(status: number, wait: number): string {
  if (status === 401) return '登录已过期，请重新登录'
  if (status === 404) return '未找到您要的内容'
  if (status === 429) return `操作过于频繁，请${wait > 0 ? ` ${wait} 秒` : '稍'}后再试`
  return status >= 500 ? '服务器开小差了，请稍后再试' : '请求失败，请稍后重试'
}
