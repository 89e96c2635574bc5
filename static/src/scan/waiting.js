// Waiting for a member to say yes on their phone.
import { Unreachable } from "./api.js";

const PAUSE_MS = 1500;

// Asks until the payment is decided or the till shows something else (then null). A broken network is asked through.
export async function untilDecided(payment, ask, isShown) {
  let latest = payment;
  while (latest.status === "awaiting") {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    if (!isShown()) return null;
    try {
      latest = await ask();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
  return latest;
}
