"""What people type into forms, as values: texts, numbers, yuan, percentages, days. A wrong one names its field."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from flask import request

from app.kernel import clock
from app.kernel.errors import DomainError

_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_WHOLE = re.compile(r"[0-9]{1,9}")
# This century's: the first and the last that a date can hold have no day before or after them.
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?")
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class FieldInvalid(DomainError):
    """A field of a form was filled in wrongly. Facts: label, problem (both as the person reads them)."""

    code = "field_invalid"


def text(name: str, label: str, *, most: int, least: int = 1) -> str:
    """The field without surrounding blanks; raises FieldInvalid outside `least` to `most` characters."""
    value = request.form.get(name, "").strip()
    if not least <= len(value) <= most:
        raise FieldInvalid(label=label, problem=f"请填写 {least} 至 {most} 个字" if least else f"最多 {most} 个字")
    return value


def identifier(name: str, label: str, *, most: int, least: int = 1) -> str:
    """A code that machines exchange: letters, digits, `.`, `_`, `-`, the first no sign; raises FieldInvalid."""
    value = text(name, label, most=most, least=least)
    if not _IDENTIFIER.fullmatch(value):
        raise FieldInvalid(label=label, problem="只能用字母、数字和 . _ -，以字母或数字开头")
    return value


def choice(name: str, label: str, options: Collection[str]) -> str:
    """One of the options; raises FieldInvalid."""
    value = request.form.get(name, "")
    if value not in options:
        raise FieldInvalid(label=label, problem="请选择一项")
    return value


def whole(name: str, label: str, *, least: int = 0, most: int = 999_999_999) -> int:
    """A whole number; raises FieldInvalid."""
    value = request.form.get(name, "").strip()
    if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
        raise FieldInvalid(label=label, problem=f"请填写 {least} 至 {most} 之间的整数")
    return int(value)


def find_whole(name: str, label: str, *, least: int = 0) -> int | None:
    """As `whole`; None when nothing was typed."""
    return whole(name, label, least=least) if request.form.get(name, "").strip() else None


def hundredths(name: str, label: str, *, least: int = 0, most: int = 99_999_999_999) -> int:
    """A number with up to two decimals, in hundredths: yuan as fen, percent as bps. Raises FieldInvalid."""
    value = request.form.get(name, "").strip().replace(",", "").lstrip("¥￥")
    if not _DECIMAL.fullmatch(value) or not least <= (number := int(Decimal(value) * 100)) <= most:
        raise FieldInvalid(label=label, problem="请填写数字，最多两位小数")
    return number


def minute_of_day(name: str, label: str) -> int:
    """A time of the day as `HH:MM`, in minutes since midnight; raises FieldInvalid."""
    found = _TIME.fullmatch(request.form.get(name, "").strip())
    if found is None:
        raise FieldInvalid(label=label, problem="请填写时间，例如 21:00")
    return int(found[1]) * 60 + int(found[2])


def day(name: str, label: str) -> date:
    """A day as `YYYY-MM-DD`; raises FieldInvalid."""
    found = _find_day(request.form.get(name, ""))
    if found is None:
        raise FieldInvalid(label=label, problem="请选择日期")
    return found


def find_day(name: str) -> date | None:
    """The day in the address's query; None when there is none, or no date."""
    return _find_day(request.args.get(name, ""))


def _find_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        return None


def find_month(written: str) -> date | None:
    """The first day of a month written as `YYYY-MM`."""
    found = MONTH.fullmatch(written)
    return date(int(found[1]), int(found[2]), 1) if found else None


def today() -> date:
    """The mall's present day."""
    return clock.business_date(clock.now())
