// An intent is one decision of the clerk: redeem this coupon, undo that redemption. Its key is made once and kept until
// the server has answered, also over a reload or a dead battery, so that every retry is safe.

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class PendingIntents {
  constructor(storeCode) {
    this.name = `huitou.pending.${storeCode}`;
  }

  // The intent without an answer, or null.
  load() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  keep(intent) {
    try {
      localStorage.setItem(this.name, JSON.stringify(intent));
    } catch {
      // A browser without storage still has the intent in memory.
    }
  }

  clear() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Nothing was kept.
    }
  }
}
