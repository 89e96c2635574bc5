/** The sandbox's JSON API; failures carry the server's own words. */
export class ApiError extends Error {
  constructor(status, code, message) {
    super(message)
    this.status = status
    this.code = code
  }
}

export async function call(method, path, body) {
  const isForm = body instanceof FormData
  const options = { method, headers: { Accept: 'application/json' } }
  if (body !== undefined) {
    options.body = isForm ? body : JSON.stringify(body)
    if (!isForm) options.headers['Content-Type'] = 'application/json'
  }
  let answer
  try {
    answer = await fetch(path, options)
  } catch {
    throw new ApiError(0, 'offline', '沙盒没有响应，请看它是否还在运行')
  }
  if (answer.status === 204) return null
  const data = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(answer.status, data.error?.code, data.error?.message || `HTTP ${answer.status}`)
  return data
}

export const get = (path) => call('GET', path)
export const post = (path, body = {}) => call('POST', path, body)
export const del = (path) => call('DELETE', path)
