// Money is whole fen; the server decides, this only shows what it will say.

export function yuan(fen) {
  const sign = fen < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(fen) / 100).toLocaleString("en-US");
  return `${sign}¥${whole}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
}

// What a person typed as yuan, in fen; null when it is no amount. A Chinese input method makes １２。５ of 12.5. Commas
// stand between thousands or nowhere: `12,5` may be 12.5 or 125.
export function parseYuan(text) {
  const plain = text.normalize("NFKC").replace("。", ".").replace(/^\s*¥?\s*/, "").replace(/\s*元?\s*$/, "");
  const match = /^(\d{1,7}|[1-9]\d{0,2},\d{3}|[1-9](?:,\d{3}){2})(?:\.(\d{1,2}))?$/.exec(plain);
  return match ? Number(match[1].replaceAll(",", "")) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : null;
}

// What the customer is spared and the store is paid for a till amount (null: unknown), rounded as the server rounds.
export function preview(coupon, spendFen) {
  const discountFen = spendFen === null ? coupon.discount_fen : discountOf(coupon, spendFen);
  return { discountFen, mallFen: shareOf(discountFen, coupon.mall_share_bps) };
}

function discountOf(coupon, spendFen) {
  switch (coupon.kind) {
    case "gift":
      return coupon.face_fen;
    case "discount":
      return Math.min(coupon.face_fen, shareOf(spendFen, coupon.discount_bps));
    case "cash":
    case "parking":
    default: // a kind of a newer server: nothing is promised beyond what was typed
      return Math.min(coupon.face_fen, spendFen);
  }
}

// What points buy together, and the fewest points that are worth a sum; 10000 of `factorBps` is a fen a point.
export function worth(points, factorBps) {
  return shareOf(points, factorBps);
}

export function pointsFor(fen, factorBps) {
  return Math.max(0, Math.ceil(((2 * fen - 1) * 10000) / (2 * factorBps)));
}

function shareOf(fen, bps) {
  return Math.floor((fen * bps * 2 + 10000) / 20000);
}
