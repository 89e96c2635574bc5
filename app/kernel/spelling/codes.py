"""Codes of coupons and members, as people type them and scanner guns send them."""

import re

from app.kernel.security.codes import is_well_formed
from app.kernel.spelling import marks

COUPON_LENGTH = 12  # of the codes of coupons, the last character of which checks the others

# Guns may tell the kind of code first (AIM: `]Q1`), and a Chinese input method makes 】 or 」 of the bracket; then in
# which characters the rest is written (`\000026`).
_AIM = re.compile(r"^[\]】」][A-Za-z][0-9A-Za-z](?:\\[0-9]{6})?(?=.)")
# Others tell it by up to three letters or digits of their maker's (`s`, `P01`, `QR`), right before the code.
_MAKER = 3
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONG_DASHES = re.compile(r"[\u2014\u2015]{2}|\u2e3a")
_DOT = re.compile(f"[{marks.DOTS}]")


def spell_code(text: str) -> str:
    """A code in capitals without separators, and without a gun's word for its kind before a whole one of a coupon."""
    code = marks.compact(scanned(text)).upper()
    whole = code[-COUPON_LENGTH:]
    return whole if _is_makers(code[:-COUPON_LENGTH]) and is_well_formed(whole, COUPON_LENGTH) else code


def _is_makers(before: str) -> bool:
    return 0 < len(before) <= _MAKER and before.isascii() and before.isalnum()


def spell_cased_code(text: str, *, prefix: str) -> str:
    """A code in which capitals count and which begins with a prefix in capitals; what is none stays none.

    Caps Lock turns every letter around, a Chinese input method makes —— of the underscore and 。 of the dot.
    """
    plain = _LONG_DASHES.sub("_", scanned(text))
    code = _DOT.sub(".", marks.unblanked(plain))
    before, found, _ = code.lower().partition(prefix.lower())
    if found and _is_makers(before):
        code = code[len(before) :]
    return code.swapcase() if code.startswith(prefix.lower()) else code


def scanned(text: str) -> str:
    """What was scanned, without what the gun said before and after it."""
    return _AIM.sub("", _CONTROL.sub("", marks.folded(text)).strip(), count=1) if text else ""
