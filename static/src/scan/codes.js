// What a whole code looks like, as app/kernel/security/codes.py and app/identity/member_codes.py make them.

const ALPHABET = "34679CDFGHJKMNPQRTVWXY";
const MEMBER = /^[0-9a-z]{0,3}hm1\.[0-9a-z_-]{122}$/i; // 91 bytes in base64, and a maker's word for the kind of code
const COUPON = /^[0-9A-Z]{0,3}([0-9A-Z]{12})$/;
const AIM = /^[\]】」][A-Za-z][0-9A-Za-z](?:\\[0-9]{6})?/; // the kind of code, and the character set of what follows

// A member's code, whatever Caps Lock made of its letters.
export function isMemberCode(typed) {
  return MEMBER.test(plain(typed));
}

// A coupon's code, of which the last character checks the others.
export function isCouponCode(typed) {
  const [, code = ""] = COUPON.exec(plain(typed).replace(/[\s.-]/g, "").toUpperCase()) ?? [];
  const places = Array.from(code, (letter) => ALPHABET.indexOf(letter));
  if (code === "" || places.includes(-1)) return false;
  const check = places.pop();
  return check === places.reduce((sum, place, at) => sum + (at + 1) * (place + 1), 0) % ALPHABET.length;
}

function plain(typed) {
  return typed.normalize("NFKC").trim().replace(AIM, "");
}
