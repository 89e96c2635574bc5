/** How a request travels: by WeChat's runtime in the mini-program, by the browser itself in the H5 twin. */
import type { Transport, WireRequest } from './client'

const TIMEOUT_MS = 12_000
const HEAVY_TIMEOUT_MS = 60_000

export function transport(request: WireRequest): ReturnType<Transport> {
  // #ifdef H5
  return byBrowser(request)
  // #endif
  // #ifndef H5
  return byWechat(request)
  // #endif
}

// #ifdef H5
export async function byBrowser({ method, url, headers, body, heavy }: WireRequest): ReturnType<Transport> {
  const given = new AbortController()
  const timer = setTimeout(() => given.abort(), heavy ? HEAVY_TIMEOUT_MS : TIMEOUT_MS)
  try {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    const answer = await fetch(url, { method, headers, body: sent, signal: given.signal })
    const text = await answer.text()
    return { status: answer.status, body: parsed(text), headers: Object.fromEntries(answer.headers) }
  } finally {
    clearTimeout(timer)
  }
}

/** A proxy on the way may answer with a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
// #endif

// #ifndef H5
function byWechat(request: WireRequest): ReturnType<Transport> {
  return new Promise((resolve, reject) => {
    uni.request({
      url: request.url,
      method: request.method,
      header: request.headers,
      data: request.body as UniApp.RequestOptions['data'],
      timeout: request.heavy ? HEAVY_TIMEOUT_MS : TIMEOUT_MS,
      success: (answer) =>
        resolve({ status: answer.statusCode, body: answer.data, headers: (answer.header ?? {}) as Record<string, string> }),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
}
// #endif
