"""Phone numbers: one spelling each, and a mask for pages.

By shape, not by a library's tables of ranges: the mini-program follows the same rules without them, tables age, and a
blind index is found only by the very form that was stored. So whatever was a normal form stays it: no zero is taken
out of a foreign number, unless somebody has put it into brackets.
"""

import re

from app.kernel.spelling import marks
from app.kernel.spelling.errors import PhoneInvalid

# Digits of other scripts would make a second number of the same phone; no country's code begins with 0.
_MAINLAND = re.compile(r"(?:\+?86)?0?(1[3-9][0-9]{9})")
# Numbers of Hong Kong and Macau have eight digits: more of them are a number and its extension.
_FOREIGN = re.compile(r"\+(?!86|85[23](?![0-9]{8}$))[1-9][0-9]{5,14}")
# Hong Kong, Macau and Taiwan, as people and programs write them who leave the plus out; nothing else looks like that.
_NEIGHBOUR = re.compile(r"85[23][0-9]{8}|8869[0-9]{8}")
# `1380013800.0` is a number that a program rewrote: without its only dot it would be somebody's phone.
_DECIMAL = re.compile(rf"[^{marks.DOTS}]*[{marks.DOTS}](?:[0-9]{{1,2}}|0+)[{marks.BLANKS}]*")
# As cards, codes of contacts and chats have it: `tel:138…`, `手机号：138…`.
_LABEL = re.compile("^(?:tel|mobile|手机(?:号码?)?|(?:联系)?电话):?", re.ASCII | re.IGNORECASE)
_BRACKETS = re.compile(r"\(0\)|[()\[\]{}\u3010\u3011\u3014\u3015]")


def normalise_phone(text: str) -> str:
    """Mainland numbers as eleven digits, others as `+` and digits (E.164); raises PhoneInvalid."""
    folded = marks.folded(text)
    if _DECIMAL.fullmatch(folded):
        raise PhoneInvalid
    phone = _LABEL.sub("", _BRACKETS.sub("", marks.compact(folded)))
    if phone.startswith("00"):
        phone = f"+{phone[2:]}"
    mainland = _MAINLAND.fullmatch(phone)
    if mainland:
        return mainland.group(1)
    if _NEIGHBOUR.fullmatch(phone):
        return f"+{phone}"
    if _FOREIGN.fullmatch(phone):
        return phone
    raise PhoneInvalid


def find_phone(text: str) -> str | None:
    """The normal form of a phone; None for what is none."""
    try:
        return normalise_phone(text)
    except PhoneInvalid:
        return None


def mask_phone(phone: str) -> str:
    """`138****5678`: the first three and last four characters."""
    return f"{phone[:3]}****{phone[-4:]}"
