"""Number plates: what they look like, and one spelling each."""

import re
import unicodedata

from app.kernel.spelling.errors import PlateInvalid

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTERS = "A-HJ-NP-Z"
_PLATE = re.compile(
    rf"[{_PROVINCES}][{_LETTERS}](?:[{_LETTERS}0-9]{{4}}[{_LETTERS}0-9挂学警港澳]|[{_LETTERS}0-9]{{6}})|"
    rf"[{_PROVINCES}][0-9]{{6}}使"
)


def normalise_plate(text: str) -> str:
    """A plate in capitals without separators; raises PlateInvalid."""
    plate = re.sub(r"[\s·.-]", "", text).upper()
    if not _PLATE.fullmatch(plate):
        raise PlateInvalid
    return plate


def spell_plate(text: str) -> str:
    """A plate as cameras and people write it, in one spelling: capitals, no separators. Unknown kinds stay as read."""
    return re.sub(r"[\s·.\-]", "", unicodedata.normalize("NFKC", text)).upper()
