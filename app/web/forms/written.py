"""Days, months, times, rows' numbers and decimals as forms and addresses write them."""

import re
from datetime import date, timedelta
from decimal import Decimal

from app.kernel import clock
from app.kernel.spelling import marks

# This century's: the first and the last that a date can hold have no day before or after them.
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
# As the addresses' own numbers (`web/request_checks`): a bigint holds them all.
_ROW = re.compile(r"[0-9]{1,18}")
_MOST_QUOTED = 20
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?")


def quoted(text: str) -> str:
    """What was typed that could not be read, as far as a page repeats it."""
    return text.strip()[:_MOST_QUOTED]


def in_days(number: int) -> date:
    """The mall's day so many days from now."""
    return clock.business_date(clock.now()) + timedelta(days=number)


def find_day(text: str) -> date | None:
    """The day written as `YYYY-MM-DD`; None when it is none of this century."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text := marks.one_line(text)) else None
    except ValueError:
        return None


def find_month(text: str) -> date | None:
    """The first day of the month written as `YYYY-MM`; None when it is none of this century."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def find_row(text: str) -> int | None:
    """The number of a row; None when it is none that a row can have."""
    return int(text) if _ROW.fullmatch(text) else None


def minute_of_day(text: str) -> int | None:
    """`HH:MM` in minutes since midnight; None for what is no time."""
    found = _TIME.fullmatch(marks.one_line(text))
    return None if found is None else int(found[1]) * 60 + int(found[2])


def decimal_text(hundredths: int) -> str:
    """`12000` → `120`, `1250` → `12.5`."""
    return f"{Decimal(hundredths) / 100:f}".rstrip("0").rstrip(".") if hundredths % 100 else str(hundredths // 100)
