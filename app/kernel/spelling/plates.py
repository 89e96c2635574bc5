"""Number plates: what they look like, and one spelling each."""

import re

from app.kernel.spelling import marks
from app.kernel.spelling.errors import PlateInvalid

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_TRADITIONAL = str.maketrans(
    "滬雲遼魯蘇贛贑晉陝陜閩貴粵寧甯寜瓊黒蔵⻘學領掛應試軍瀋蘭濟廣邊電臨藍黃綠",
    "沪云辽鲁苏赣赣晋陕陕闽贵粤宁宁宁琼黑藏青学领挂应试军沈兰济广边电临蓝黄绿",
)
# Cyrillic and Greek letters that look like Latin ones: keyboards and cameras of other makers write them.
_TWINS = str.maketrans("АВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXABEZHIKMNOPTYX")
_HEAD = rf"[{_PROVINCES}][A-HJ-Z]"
_SERIAL = "A-HJ-NP-Z0-9"
_MAINLAND = (
    rf"{_HEAD}[{_SERIAL}]{{4}}[{_SERIAL}挂学警港澳使领试超]",  # blue, yellow, black, and white of the police
    rf"{_HEAD}(?:[A-HJK][{_SERIAL}][0-9]{{4}}|[0-9]{{5}}[A-HJK])",  # new energy: small, large
    rf"{_HEAD}[{_SERIAL}]{{4,6}}临|{_HEAD}临[{_SERIAL}]{{4,6}}|临{_HEAD}[{_SERIAL}]{{4,6}}",  # for some weeks, of paper
    rf"{_HEAD}[{_SERIAL}]{{4}}应急",  # fire and forest brigades
    rf"[{_PROVINCES}]?[0-9]{{6}}[使领]|[使领][0-9]{{6}}",  # embassies and consulates, now and before
    rf"WJ(?:[{_PROVINCES}]?[0-9]{{4}}[0-9A-Z消边警电金森通]|[0-9]{{2}}[消边警电金森通]?[0-9]{{4,5}})",  # armed police
    r"[BCGHJKLNSVZ][A-Z][0-9]{5}",  # military, since 2013
    r"[军空海北沈兰济南广成][A-Z][0-9]{5}",  # military, before
    r"民航[A-Z0-9][0-9]{4}",  # airports
    rf"[{_PROVINCES}][0-9]{{2}}[{_SERIAL}]{{5}}",  # tractors
)
# Plates of cars that cross the border with them alone. Their forms are narrow on purpose: a camera's junk has letters
# and digits, too, and a mainland plate without its province is half a reading, which may be of any car.
_OTHERS = (
    r"[A-HJ-NPR-Z](?:[1-9][0-9]{2,3}|[A-HJ-NPR-Z][1-9][0-9]{1,3})",  # Hong Kong
    r"[AM][A-Z]?(?!0000)[0-9]{4}",  # Macau
    r"[A-HJ-NP-Z]{3}[0-9]{4}",  # Taiwan
    r"[ABEKMHOPCTYX](?!000)[0-9]{3}[ABEKMHOPCTYX]{2}[0-9]{2,3}",  # Russia
    r"[0-9]{3}[A-Z]{2,3}[0-9]{2}",  # Kazakhstan
    r"[0-9]{4}[A-ZА-ЯӨҮ]{3}",  # Mongolia
    r"[0-9]{2}[A-Z][A-Z0-9]?[0-9]{4,5}",  # Vietnam
    r"[0-9][A-Z][0-9]{4}",  # Myanmar
    r"[\u0e81-\u0ede]{2}[0-9]{4}",  # Laos
    r"[0-9]{2,3}[가-힣][0-9]{4}",  # Korea
)
_OF_MAINLAND = re.compile("|".join(_MAINLAND))
_OF_OTHERS = re.compile("|".join(_OTHERS))
_BEGINNING = re.compile(rf"临?[{_PROVINCES}][A-Z]")
# The standard has neither letter after a plate's first two characters: whoever reads or types one means the digit.
_DIGITS = str.maketrans("OI", "01")
# The second character of a car's plate is a letter, of which only this one looks like a digit.
_ZERO_FOR_O = re.compile(rf"^([{_PROVINCES}])0(?=[{_SERIAL}OI]{{4}}[{_SERIAL}OI警]$)")
_HONG_KONG = re.compile(r"([A-HJ-NPR-Z]{1,2})([1-9I][0-9OI]{1,3})")
# What stands around a plate in texts, and the colour that many cameras put before or after it.
_AROUND = re.compile(r"""[\[\](){}<>"'`,、【】〔〕「」『』〈〉《》\u201c\u201d‘’]""")
_COLOUR = r"(?:渐变绿|黄绿|新能源绿?|[蓝黄绿白黑])(?:色|牌|色牌)?"
_LABEL = re.compile("^车牌(?:号码?)?:?(?=.)")
_COLOUR_FIRST = re.compile(rf"^{_COLOUR}[:/|]?(?=[{_PROVINCES}使领临][A-Z0-9])")
_COLOUR_LAST = re.compile(rf"([A-Z0-9警学挂港澳使领临])[:/|]?{_COLOUR}$")


def normalise_plate(text: str) -> str:
    """A plate in its one spelling; raises PlateInvalid."""
    plate = spell_plate(text)
    if not is_plate(plate):
        raise PlateInvalid
    return plate


def is_plate(spelled: str) -> bool:
    """Whether it has the form of some kind of plate: of the mainland, or of a neighbour whose cars come in so."""
    return is_of_mainland(spelled) or _OF_OTHERS.fullmatch(spelled) is not None


def is_of_mainland(spelled: str) -> bool:
    """Whether it has the form of some kind of mainland plate, which a camera's junk hardly ever has."""
    return _OF_MAINLAND.fullmatch(spelled) is not None


def spell_plate(text: str) -> str:
    """A plate as cameras and people write it, in one spelling: capitals, no separators. Unknown kinds stay as read."""
    plain = _AROUND.sub("", marks.compact(text)).upper().translate(_TRADITIONAL).translate(_TWINS)
    plate = _ZERO_FOR_O.sub(r"\1O", _COLOUR_LAST.sub(r"\1", _COLOUR_FIRST.sub("", _LABEL.sub("", plain))))
    if begins := _BEGINNING.match(plate):
        return plate[: begins.end()] + plate[begins.end() :].translate(_DIGITS)
    if found := _HONG_KONG.fullmatch(plate):
        return found[1] + found[2].translate(_DIGITS)
    return plate
