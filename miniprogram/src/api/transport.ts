/** uni.request as a Transport: the same call in the mini-program and in the browser. */
import type { Transport } from './client'

const TIMEOUT_MS = 12_000

export const uniTransport: Transport = (request) =>
  new Promise((resolve, reject) => {
    uni.request({
      url: request.url,
      method: request.method,
      header: request.headers,
      data: request.body as UniApp.RequestOptions['data'],
      timeout: TIMEOUT_MS,
      success: (answer) =>
        resolve({ status: answer.statusCode, body: answer.data, headers: (answer.header ?? {}) as Record<string, string> }),
      fail: (reason) => reject(new Error(reason.errMsg)),
    })
  })
