"""Number plates: what they look like, and one spelling each."""

import re

from app.kernel.spelling import marks
from app.kernel.spelling.errors import PlateInvalid

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_TRADITIONAL = str.maketrans(
    "滬雲遼魯蘇贛晉陝陜閩貴粵寧瓊學領掛應試軍瀋蘭濟廣邊電", "沪云辽鲁苏赣晋陕陕闽贵粤宁琼学领挂应试军沈兰济广边电"
)
_HEAD = rf"[{_PROVINCES}][A-HJ-Z]"
_SERIAL = "A-HJ-NP-Z0-9"
_KINDS = (
    rf"{_HEAD}[{_SERIAL}]{{4}}[{_SERIAL}挂学警港澳领试超]",  # blue, yellow, black, and white of the police
    rf"{_HEAD}(?:[A-HJK][{_SERIAL}][0-9]{{4}}|[0-9]{{5}}[A-HJK])",  # new energy: small, large
    rf"{_HEAD}[0-9]{{4}}应急",  # fire and forest brigades
    rf"[{_PROVINCES}]?[0-9]{{6}}使",  # embassies, now and before
    r"使[0-9]{6}",
    rf"WJ(?:[{_PROVINCES}]?[0-9]{{4}}[0-9A-Z]|[0-9]{{2}}[消边警电金森通]?[0-9]{{4,5}})",  # armed police
    r"[BCGHJKLNSVZ][A-Z][0-9]{5}",  # military, since 2013
    r"[军空海北沈兰济南广成][A-Z][0-9]{5}",  # military, before
    r"民航[A-Z0-9][0-9]{4}",  # airports
)
_PLATE = re.compile("|".join(_KINDS))
_BEGINNING = re.compile(rf"[{_PROVINCES}][A-Z]")
# The standard has neither letter after a plate's first two characters: whoever reads or types one means the digit.
_DIGITS = str.maketrans("OI", "01")


def normalise_plate(text: str) -> str:
    """A mainland plate in its one spelling; raises PlateInvalid."""
    plate = spell_plate(text)
    if not is_plate(plate):
        raise PlateInvalid
    return plate


def is_plate(spelled: str) -> bool:
    """Whether it has the form of some kind of mainland plate; a camera's reading of anything else is nobody's car."""
    return _PLATE.fullmatch(spelled) is not None


def spell_plate(text: str) -> str:
    """A plate as cameras and people write it, in one spelling: capitals, no separators. Unknown kinds stay as read."""
    plate = marks.compact(text).upper().translate(_TRADITIONAL)
    return plate[:2] + plate[2:].translate(_DIGITS) if _BEGINNING.match(plate) else plate
