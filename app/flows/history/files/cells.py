"""What stands in a cell: words, texts, amounts, moments, phones. Every function raises RowInvalid naming the column.

A cell that is as it should be passes by one look; only one that is not is looked at for what a program has left in it.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.flows.history.files import artefacts
from app.flows.history.files.errors import RowInvalid
from app.kernel import clock
from app.kernel.spelling import marks, moments
from app.kernel.spelling.cards import spell_card
from app.kernel.spelling.names import spell_name
from app.kernel.spelling.phones import find_phone
from app.purchases.rules import MOST_FEN

LONGEST = 64
_REMEMBERED = 1024  # sources without a digit and categories come again in every row
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_DRIFT = timedelta(minutes=10)

# With a digit other than 0 and without marks, no program has left its own thing there.
_CLEAN = re.compile(r"(?!Err:)(?:[A-Za-z0][A-Za-z0_:-]*)?[1-9][A-Za-z0-9_:-]*")
_WORD = re.compile(rf"[\x21-\x7e]{{1,{LONGEST}}}")
_FEN = re.compile(rf"([+-]?[0-9]{{1,{LONGEST}}})分?")
_CURRENCY = r"(?:¥|RMB|CNY|人民币)"
# Brackets around an amount are an accountant's minus, and a minus may stand behind it; it is one of the three.
_YUAN = re.compile(
    rf"(?P<before>[+-])? ?{_CURRENCY}? ?(?P<open>\()?{_CURRENCY}? ?(?P<within>[+-])?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3}){1,20}|[0-9]{0,64})(?:\.(?P<part>[0-9]{0,2})0*)?"
    rf"(?P<behind>-)? ?(?:元整?|圆整?|{_CURRENCY})?(?P<close>\))?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9]{1,6}")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})"
    r"| ?年 ?(?P<month_>[0-9]{1,2}) ?月 ?(?P<day_>[0-9]{1,2}) ?[日号])(?: ?(?:星期|周)(?P<weekday>[一二三四五六日天]))?"
    r"(?:(?:[ T]+|(?<=[^0-9]))(?P<noon>上午|下午|[AP]M)? ?(?P<hour>[0-9]{1,2})(?:(?::|时|点)(?P<minute>[0-9]{1,2})"
    r"(?:(?::|分)(?:(?P<second>[0-9]{1,2})(?:\.[0-9]+)?秒?)?)?|[时点]整?) ?(?P<noon_>上午|下午|[AP]M)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"[0-9]{12}(?:[0-9]{2})?")
_ISO = re.compile(
    r"(?P<stamp>(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8})(?:[T ][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2}(?:[.,][0-9]+)?)?)?)?)"
    r"(?: ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2}|(?P<hours>[+-][0-9]{2})))?",
    re.IGNORECASE,
)
_NOON = 12
_WEEKDAYS = "一二三四五六日"
# Digits above and below the line, fractions, and numbers in circles and brackets.
_NOTE = re.compile(
    "[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u215f\u2189\u2460-\u24ff\u2776-\u2793\u3251-\u32bf]"
)
_SERIAL = re.compile(r"[3-5][0-9]{4}(?:\.[0-9]+)?")
_YEAR_NOT_FIRST = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}(?![0-9]).*")
_BROKEN_NAME = re.compile("\ufffd|锟斤|烫烫")


class Name(NamedTuple):
    """A person's name as it can be kept, and why it cannot: no_name, long, broken."""

    text: str
    lost: str | None = None


def word(text: str, column: str) -> str:
    """A code or number of 1-64 visible ASCII characters, as tills send them."""
    return text if _CLEAN.fullmatch(text) and len(text) <= LONGEST else _odd_word(text, column)


@lru_cache(_REMEMBERED)
def _odd_word(text: str, column: str) -> str:
    _ensure_no_notes(text, column, "word")
    found = _meant(marks.folded(text), column)
    if artefacts.is_rewritten(found):
        raise RowInvalid(reason="spreadsheet", column=column)
    if not _WORD.fullmatch(found):
        raise RowInvalid(reason="word", column=column)
    return found


def optional_word(text: str, column: str) -> str | None:
    """The same, or None for an empty cell."""
    return word(text, column) if text else None


def card(text: str) -> str:
    """The number of a member's card, in the one spelling in which it is stored."""
    if _CLEAN.fullmatch(text) and len(text) <= LONGEST:
        return text
    _ensure_no_notes(text, "card_no", "word")
    found = word(spell_card(text), "card_no")
    if artefacts.is_stopgap_card(found):
        raise RowInvalid(reason="no_value", column="card_no", text=found)
    return found


def optional_card(text: str) -> str | None:
    """The same, or None for an empty cell."""
    return card(text) if text else None


def _ensure_no_notes(text: str, column: str, reason: str) -> None:
    """Raises RowInvalid for the number of a note (`216¹`, `①216`), which folding would make a digit of the value."""
    if _NOTE.search(text):
        raise RowInvalid(reason=reason, column=column)


def _meant(text: str, column: str, *, zero: bool = True) -> str:
    """What an identifying cell says without its guard; raises RowInvalid when that is nothing or unsure."""
    found = artefacts.unguard(text)
    if not found:
        raise RowInvalid(reason="missing", column=column)
    if artefacts.is_nothing(found, zero=zero):
        raise RowInvalid(reason="no_value", column=column, text=found)
    if artefacts.is_guarded(found):
        raise RowInvalid(reason="guard", column=column)
    return found


@lru_cache(_REMEMBERED)
def plain(text: str, column: str, longest: int = LONGEST, *, zero: bool = True) -> str:
    """Words for people, on one line; `zero`: whether 0 is a word for nothing here."""
    found = marks.one_line_as_written(_meant(text, column, zero=zero))
    if len(found) > longest:
        raise RowInvalid(reason="long", column=column)
    if not found.isprintable() or "\ufffd" in found or artefacts.is_misread(found):
        raise RowInvalid(reason="text", column=column)
    return found


def optional_plain(text: str, column: str, *, zero: bool = True) -> str:
    """The same; may be empty."""
    return plain(text, column, zero=zero) if text else ""


def name(text: str) -> Name:
    """A person's name with its blanks folded. One that cannot be kept is lost; whose it is does not depend on it."""
    written = artefacts.unguard(text)
    found = spell_name(written)
    if not found:
        return Name("")
    if artefacts.is_no_name(found):
        return Name("", "no_name")
    if len(found) > LONGEST:
        return Name("", "long")
    if _BROKEN_NAME.search(found) or artefacts.is_misread(written) or any(_is_no_sign(sign) for sign in found):
        return Name("", "broken")
    return Name(found)


def _is_no_sign(sign: str) -> bool:
    """A control, half a character, or what will never be one."""
    is_never_one = "\ufdd0" <= sign <= "\ufdef" or ord(sign) & 0xFFFE == 0xFFFE
    return is_never_one or unicodedata.category(sign) in ("Cc", "Cs")


def fen(text: str, column: str, *, most: int = MOST_FEN) -> int:
    """A whole number of fen, with its sign; at most that of a receipt, unless said otherwise."""
    found = _FEN.fullmatch(text) or _FEN.fullmatch(text := _amount_meant(text, column))
    if found is None:
        raise RowInvalid(reason="spreadsheet" if artefacts.is_exponential(text) else "fen", column=column)
    return _within(int(found[1]), column, most)


def yuan(text: str, column: str, *, most: int = MOST_FEN) -> int:
    """An amount in yuan with at most two decimals, as fen; its currency may stand before or behind it."""
    amount = _yuan_of(text)
    if amount is None:
        amount = _yuan_of(text := _amount_meant(text, column))
    if amount is None:
        raise RowInvalid(reason="spreadsheet" if artefacts.is_exponential(text) else "yuan", column=column)
    return _within(amount, column, most)


def _within(amount_fen: int, column: str, most: int) -> int:
    """The amount; one that no receipt has is said to be too large, not to be none."""
    if abs(amount_fen) > most:
        raise RowInvalid(reason="amount_large", column=column, most=f"{most // 100:,}")
    return amount_fen


def _yuan_of(text: str) -> int | None:
    """None also when there are no digits, half a pair of brackets or two signs."""
    if (said := _YUAN.fullmatch(text)) is None:
        return None
    signs = [sign for name in ("before", "within", "behind", "open") if (sign := said[name])]
    if not (said["whole"] or said["part"]) or len(signs) > 1 or bool(said["open"]) != bool(said["close"]):
        return None
    amount = int((said["whole"] or "0").replace(",", "")) * 100 + int((said["part"] or "").ljust(2, "0"))
    return -amount if signs and signs != ["+"] else amount


def _amount_meant(text: str, column: str) -> str:
    """What a cell says that is no plain amount, in the usual width and with plain signs."""
    _ensure_no_notes(text, column, "yuan" if column == "amount_yuan" else "fen")
    return marks.plain_dashes(marks.one_line(_meant(text, column, zero=False)))


def line_number(text: str, column: str) -> int:
    """1 to 100,000."""
    _ensure_no_notes(text, column, "line_no")
    found = text if _NUMBER.fullmatch(text) else marks.folded(_meant(text, column, zero=False))
    if not _NUMBER.fullmatch(found) or not 1 <= int(found) <= 100_000:
        raise RowInvalid(reason="line_no", column=column)
    return int(found)


def moment(text: str, column: str, *, now: datetime) -> datetime:
    """A moment in UTC: ISO 8601, `2026/1/5 9:05`, `2026年1月5日 下午3:05` or `20260105090500`; without an offset on the
    mall's clock, without a time midnight. Raises RowInvalid also for what could be two days.
    """
    found = _read_moment(text) or _read_odd_moment(text := _meant(text, column), column)
    if found is None:
        raise RowInvalid(reason=_why_no_moment(text), column=column)
    if found.tzinfo is not None and not moments.has_earthly_offset(found):
        raise RowInvalid(reason="moment", column=column)
    aware = found if found.tzinfo is not None else found.replace(tzinfo=clock.MALL_ZONE)
    if not OLDEST <= aware <= now + CLOCK_DRIFT:
        raise RowInvalid(reason="moment_range", column=column)
    return aware.astimezone(UTC)


def _read_odd_moment(text: str, column: str) -> datetime | None:
    _ensure_no_notes(text, column, "moment")
    return _read_moment(marks.plain_dashes(marks.one_line(text)))


def _read_moment(text: str) -> datetime | None:
    """A moment as programs and people write it, the year first; None for anything else."""
    try:
        if found := _ISO.fullmatch(text):
            if found["hours"] and found["stamp"].count(":") < 2:
                return None  # `09-05` may be a time
            return datetime.fromisoformat(found["stamp"] + (found["offset"] or "").upper())
        if _COMPACT.fullmatch(text):
            return _of_digits(text)
        found = _DATE.fullmatch(text)
        return None if found is None else _of_parts(found.groupdict())
    except ValueError:
        return None


def _of_digits(digits: str) -> datetime:
    parts = [digits[:4], *(digits[start : start + 2] for start in range(4, len(digits), 2))]
    return datetime(*map(int, parts))  # type: ignore[arg-type]  # noqa: DTZ001


def _of_parts(said: Mapping[str, str | None]) -> datetime:
    """Month and day stand in one of two forms; after noon the hours count from one again."""
    noon, hour = (said["noon"] or said["noon_"] or "").upper(), int(said["hour"] or 0)
    if (noon and hour > _NOON) or (said["noon"] and said["noon_"]):
        raise ValueError("an hour of half a day")
    if noon in ("下午", "PM"):
        hour = hour % _NOON + _NOON
    elif noon:
        hour %= _NOON
    month, day = said["month"] or said["month_"], said["day"] or said["day_"]
    parts = (said["year"], month, day, hour, said["minute"] or 0, said["second"] or 0)
    found = datetime(*(int(part or 0) for part in parts))  # type: ignore[arg-type]  # noqa: DTZ001
    if said["weekday"] and _WEEKDAYS.index(said["weekday"].replace("天", "日")) != found.weekday():
        raise ValueError("another day of the week")
    return found


def _why_no_moment(text: str) -> str:
    if _SERIAL.fullmatch(marks.one_line(text)):
        return "moment_serial"
    return "moment_order" if _YEAR_NOT_FIRST.fullmatch(marks.one_line(text)) else "moment"


def phone(text: str, column: str) -> str:
    """A normalised phone."""
    if artefacts.is_rewritten(marks.one_line(text)):
        raise RowInvalid(reason="spreadsheet", column=column)
    number = find_phone(text) or _odd_phone(marks.one_line(text), column)
    if artefacts.is_stopgap(number):
        raise RowInvalid(reason="no_value", column=column, text=number)
    return number


def _odd_phone(text: str, column: str) -> str:
    found = _meant(text, column)
    if artefacts.is_exponential(found) or artefacts.is_rewritten(found):
        raise RowInvalid(reason="spreadsheet", column=column)
    number = find_phone(found)
    if number is None:
        raise RowInvalid(reason="phone", column=column)
    return number
