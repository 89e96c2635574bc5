// The portal's JSON. A call ends in an answer, in Refused (the server said no) or in Unreachable (nobody knows).

const PATIENCE_MS = 10000;

export class Refused extends Error {
  constructor(status, { code, message, fields }) {
    super(message);
    Object.assign(this, { status, code, fields: fields ?? {} });
  }
}

export class Unreachable extends Error {}

export function get(path) {
  return call(path, { method: "GET" });
}

// `key` names one intent: sending the same key again can never do the thing twice.
export function post(path, body, key) {
  const headers = {
    "Content-Type": "application/json",
    "X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content,
  };
  if (key) headers["Idempotency-Key"] = key;
  return call(path, { method: "POST", headers, body: JSON.stringify(body) });
}

async function call(path, options) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(`/portal/api${path}`, {
      ...options,
      headers: { Accept: "application/json", ...options.headers },
      credentials: "same-origin",
      signal: abort.signal,
    });
    return await read(response);
  } catch (error) {
    throw error instanceof Refused ? error : new Unreachable(error.message);
  } finally {
    clearTimeout(timer);
  }
}

async function read(response) {
  const body = await response.json();
  if (response.ok) return body;
  // 5xx: the server may or may not have done it; only asking again with the same key tells.
  if (response.status >= 500) throw new Unreachable(`status ${response.status}`);
  throw new Refused(response.status, body.error);
}
