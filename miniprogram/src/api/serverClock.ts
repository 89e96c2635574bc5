/**
 * The server's time. A phone's own clock may be minutes off, and then a coupon would not be usable yet, or a car would
 * have more time to leave than the barrier gives it. Every answer says what time it is.
 */
export const TIME_HEADER = 'x-server-time'

let ahead = 0

/** Takes the time from an answer; what is missing or no time changes nothing. */
export function learnServerTime(text: string | undefined, phone = Date.now()): void {
  const told = Date.parse(text ?? '')
  if (!Number.isNaN(told)) ahead = told - phone
}

/** Milliseconds since 1970 by the server's clock; the phone's own until the first answer. */
export function serverNow(phone = Date.now()): number {
  return phone + ahead
}
