"""What phones, plates and card numbers look like."""

import re

from app.identity.errors import PhoneInvalid, PlateInvalid

# Digits of other scripts would make a second number of the same phone; no country's code begins with 0.
_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_FOREIGN = re.compile(r"\+[1-9][0-9]{5,14}")

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTERS = "A-HJ-NP-Z"
_PLATE = re.compile(
    rf"[{_PROVINCES}][{_LETTERS}](?:[{_LETTERS}0-9]{{4}}[{_LETTERS}0-9挂学警港澳]|[{_LETTERS}0-9]{{6}})|"
    rf"[{_PROVINCES}][0-9]{{6}}使"
)


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


def mask_name(name: str) -> str:
    """The first character, the rest as asterisks."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def normalise_plate(text: str) -> str:
    """A plate in capitals without separators; raises PlateInvalid."""
    plate = re.sub(r"[\s·.-]", "", text).upper()
    if not _PLATE.fullmatch(plate):
        raise PlateInvalid
    return plate


def card_number(member_id: int) -> str:
    """Sixteen digits that end in a Luhn check digit; what a member reads out where no code can be scanned."""
    body = f"6288{member_id:011d}"
    total = 0
    for position, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if position % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)
