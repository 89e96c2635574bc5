"""Phone numbers: one spelling each, and a mask for pages."""

import re

from app.kernel.spelling.errors import PhoneInvalid

# Digits of other scripts would make a second number of the same phone; no country's code begins with 0.
_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_FOREIGN = re.compile(r"\+[1-9][0-9]{5,14}")


def normalise_phone(text: str) -> str:
    """Mainland numbers as eleven digits, others as `+` and digits; raises PhoneInvalid."""
    compact = re.sub(r"[\s()-]", "", text)
    mainland = _MAINLAND.fullmatch(compact)
    if mainland:
        return mainland.group(1)
    if _FOREIGN.fullmatch(compact) and not compact.startswith("+86"):
        return compact
    raise PhoneInvalid


def mask_phone(phone: str) -> str:
    """`138****5678`: the first three and last four characters."""
    return f"{phone[:3]}****{phone[-4:]}"
