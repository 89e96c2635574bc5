/** What points are worth, as the server rounds it; 10000 of `factorBps` is a fen a point. */
const ANCHOR_BPS = 10_000

/** What points buy together, in fen: rounded once, half a fen up. */
export function worth(points: number, factorBps: number): number {
  return Math.floor((2 * points * factorBps + ANCHOR_BPS) / (2 * ANCHOR_BPS))
}

/** The fewest points that are worth at least so many fen. */
export function pointsFor(fen: number, factorBps: number): number {
  return Math.max(0, Math.ceil(((2 * fen - 1) * ANCHOR_BPS) / (2 * factorBps)))
}
