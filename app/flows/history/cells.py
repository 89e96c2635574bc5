"""What stands in a cell: words, texts, amounts, moments, phones. Every function raises RowInvalid naming the column."""

import re
from datetime import UTC, datetime, timedelta

from app.flows.history.errors import RowInvalid
from app.kernel import clock
from app.kernel.spelling.errors import PhoneInvalid
from app.kernel.spelling.phones import normalise_phone

MOST_FEN = 10**12
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_DRIFT = timedelta(minutes=10)

_WORD = re.compile(r"[\x21-\x7e]{1,64}")
_FEN = re.compile(r"[+-]?[0-9]{1,13}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_REWRITTEN = re.compile(r"[0-9](\.[0-9]+)?E\+[0-9]+", re.IGNORECASE)
_SLASHED = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})(?: +([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?)?")


def word(text: str, column: str) -> str:
    """A code or number of 1-64 visible ASCII characters, as tills send them."""
    if not _WORD.fullmatch(text):
        raise RowInvalid(reason="missing" if not text else "word", column=column)
    if "+" in text and _REWRITTEN.fullmatch(text):
        raise RowInvalid(reason="spreadsheet", column=column)
    return text


def optional_word(text: str, column: str) -> str | None:
    """The same, or None for an empty cell."""
    return word(text, column) if text else None


def plain(text: str, column: str, longest: int = 64) -> str:
    """Words for people, on one line."""
    if not text:
        raise RowInvalid(reason="missing", column=column)
    return optional_plain(text, column, longest)


def optional_plain(text: str, column: str, longest: int = 64) -> str:
    """The same; may be empty."""
    if len(text) > longest:
        raise RowInvalid(reason="long", column=column)
    if text and not text.isprintable():
        raise RowInvalid(reason="text", column=column)
    return text


def fen(text: str, column: str) -> int:
    """A whole number of fen, with its sign."""
    if not _FEN.fullmatch(text):
        raise RowInvalid(reason="missing" if not text else "fen", column=column)
    amount = int(text)
    if not -MOST_FEN <= amount <= MOST_FEN:
        raise RowInvalid(reason="fen", column=column)
    return amount


def line_number(text: str, column: str) -> int:
    """1 to 100,000."""
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= 100_000:
        raise RowInvalid(reason="line_no", column=column)
    return int(text)


def moment(text: str, column: str, *, now: datetime) -> datetime:
    """A moment in UTC: ISO 8601 or `2026/3/1 9:05`; without an offset on the mall's clock, without a time midnight."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _slashed(text, column)
    aware = found if found.tzinfo is not None else found.replace(tzinfo=clock.MALL_ZONE)
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:
        raise RowInvalid(reason="moment_range", column=column) from None
    if not OLDEST <= utc <= now + CLOCK_DRIFT:
        raise RowInvalid(reason="moment_range", column=column)
    return utc


def _slashed(text: str, column: str) -> datetime:
    found = _SLASHED.fullmatch(text)
    try:
        if found is not None:
            return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        pass
    raise RowInvalid(reason="moment" if text else "missing", column=column)


def phone(text: str, column: str) -> str:
    """A normalised phone."""
    if not text:
        raise RowInvalid(reason="missing", column=column)
    if _REWRITTEN.fullmatch(text):
        raise RowInvalid(reason="spreadsheet", column=column)
    try:
        return normalise_phone(text)
    except PhoneInvalid:
        raise RowInvalid(reason="phone", column=column) from None
