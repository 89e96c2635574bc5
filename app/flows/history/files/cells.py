"""What stands in a cell: words, texts, amounts, moments, phones. Every function raises RowInvalid naming the column.

A cell that is as it should be passes by one look; only one that is not is looked at for what a program has left in it.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from app.flows.history.files import artefacts
from app.flows.history.files.errors import RowInvalid
from app.kernel import clock
from app.kernel.spelling.cards import spell_card
from app.kernel.spelling.errors import PhoneInvalid
from app.kernel.spelling.names import spell_name
from app.kernel.spelling.phones import normalise_phone

MOST_FEN = 10**12
LONGEST = 64
_REMEMBERED = 1024  # sources without a digit and categories come again in every row
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_DRIFT = timedelta(minutes=10)

# With a digit other than 0 and without marks, no program has left its own thing there.
_CLEAN = re.compile(r"(?:[A-Za-z0][A-Za-z0_:-]*)?[1-9][A-Za-z0-9_:-]*")
_WORD = re.compile(rf"[\x21-\x7e]{{1,{LONGEST}}}")
_FEN = re.compile(r"[+-]?[0-9]{1,13}")
_YUAN = re.compile(r"([+-]?)[¥￥]?([0-9]{1,11}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2})0*)?")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DATE = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年 ?([0-9]{1,2})月 ?([0-9]{1,2})日)"
    r"(?:(?:[ T]+|(?<=日))([0-9]{1,2})(?::|时|点)([0-9]{1,2})(?:(?::|分)(?:([0-9]{1,2})(?:\.[0-9]+)?秒?)?)?)?"
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
    found = _meant(text, column)
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
    return text if _CLEAN.fullmatch(text) and len(text) <= LONGEST else word(spell_card(text), "card_no")


def optional_card(text: str) -> str | None:
    """The same, or None for an empty cell."""
    return card(text) if text else None


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
    found = " ".join(_meant(text, column, zero=zero).split())
    if len(found) > longest:
        raise RowInvalid(reason="long", column=column)
    if not found.isprintable():
        raise RowInvalid(reason="text", column=column)
    return found


def optional_plain(text: str, column: str, *, zero: bool = True) -> str:
    """The same; may be empty."""
    return plain(text, column, zero=zero) if text else ""


def name(text: str) -> Name:
    """A person's name with its blanks folded. One that cannot be kept is lost; whose it is does not depend on it."""
    found = spell_name(artefacts.unguard(text))
    if not found:
        return Name("")
    if artefacts.is_no_name(found):
        return Name("", "no_name")
    if len(found) > LONGEST:
        return Name("", "long")
    if _BROKEN_NAME.search(found) or any(unicodedata.category(sign) in ("Cc", "Cs") for sign in found):
        return Name("", "broken")
    return Name(found)


def fen(text: str, column: str) -> int:
    """A whole number of fen, with its sign."""
    if not _FEN.fullmatch(text):
        text = _meant(text, column, zero=False)
        if not _FEN.fullmatch(text):
            raise RowInvalid(reason="spreadsheet" if artefacts.is_exponential(text) else "fen", column=column)
    amount = int(text)
    if not -MOST_FEN <= amount <= MOST_FEN:
        raise RowInvalid(reason="fen", column=column)
    return amount


def yuan(text: str, column: str) -> int:
    """An amount in yuan with at most two decimals, as fen."""
    found = _YUAN.fullmatch(text) or _YUAN.fullmatch(text := _meant(text, column, zero=False))
    if found is None:
        raise RowInvalid(reason="spreadsheet" if artefacts.is_exponential(text) else "yuan", column=column)
    sign, whole, part = found.groups()
    amount = int(whole.replace(",", "")) * 100 + int((part or "").ljust(2, "0"))
    if amount > MOST_FEN:
        raise RowInvalid(reason="yuan", column=column)
    return -amount if sign == "-" else amount


def line_number(text: str, column: str) -> int:
    """1 to 100,000."""
    found = text if _NUMBER.fullmatch(text) else _meant(text, column, zero=False)
    if not _NUMBER.fullmatch(found) or not 1 <= int(found) <= 100_000:
        raise RowInvalid(reason="line_no", column=column)
    return int(found)


def moment(text: str, column: str, *, now: datetime) -> datetime:
    """A moment in UTC: ISO 8601, `2026/1/5 9:05` or `2026年1月5日`; without an offset on the mall's clock, without a
    time midnight. Raises RowInvalid also for what could be two days.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _written(_meant(text, column), column)
    aware = found if found.tzinfo is not None else found.replace(tzinfo=clock.MALL_ZONE)
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:
        raise RowInvalid(reason="moment_range", column=column) from None
    if not OLDEST <= utc <= now + CLOCK_DRIFT:
        raise RowInvalid(reason="moment_range", column=column)
    return utc


def _written(text: str, column: str) -> datetime:
    """A moment as people and spreadsheets write it, the year first."""
    plain_text = unicodedata.normalize("NFKC", text)
    found = _DATE.fullmatch(plain_text)
    try:
        if found is None:
            return datetime.fromisoformat(plain_text)
        year, _, *rest = found.groups()
        return datetime(int(year), *(int(part or 0) for part in _day_and_time(rest)))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        raise RowInvalid(reason=_why_no_moment(plain_text), column=column) from None


def _day_and_time(parts: list[str | None]) -> list[str | None]:
    """Month, day, hour, minute, second; month and day stand in the first pair or in the second."""
    month, day, chinese_month, chinese_day, *time = parts
    return [month or chinese_month, day or chinese_day, *time]


def _why_no_moment(text: str) -> str:
    if _SERIAL.fullmatch(text):
        return "moment_serial"
    return "moment_order" if _YEAR_NOT_FIRST.fullmatch(text) else "moment"


def phone(text: str, column: str) -> str:
    """A normalised phone."""
    if artefacts.is_rewritten(text):
        raise RowInvalid(reason="spreadsheet", column=column)
    try:
        return normalise_phone(text)
    except PhoneInvalid:
        found = _meant(text, column)
    if artefacts.is_exponential(found) or artefacts.is_rewritten(found):
        raise RowInvalid(reason="spreadsheet", column=column)
    try:
        return normalise_phone(found)
    except PhoneInvalid:
        raise RowInvalid(reason="phone", column=column) from None
