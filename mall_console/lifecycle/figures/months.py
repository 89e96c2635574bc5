"""Which month a page is about: one of those that were counted, and the one before it to compare with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request

from app.insights.monthly import queries
from app.insights.monthly.periods import Period, last_day, month_before
from app.kernel import clock
from app.kernel.wording import month_text
from app.web.forms import written

_SHOWN = 13


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was counted, as far as `last`."""

    first: date
    last: date

    @property
    def key(self) -> str:
        """What addresses call it."""
        return self.first.strftime("%Y-%m")

    @property
    def is_whole(self) -> bool:
        return self.last == last_day(self.first)

    @property
    def label(self) -> str:
        return month_text(self.first) + ("" if self.is_whole else "至今")

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return month_before(self.first)

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


def list_counted(mall_id: int) -> list[Month]:
    """The months that were counted from the first on of which the mall has figures, the latest first.

    The latest is there in any case, so that a mall that has just opened is not told to wait for the first count.
    """
    first = queries.find_first(mall_id) or date.max
    kept = [row for at, row in enumerate(queries.list_counted()[:_SHOWN]) if at == 0 or row.month >= first]
    return [Month(row.month, min(last_day(row.month), row.night_day)) for row in kept if row.night_day]


def chosen(months: Sequence[Month], *, whole: bool = False) -> Month:
    """The month that the address names, else the latest; with `whole` the latest that is over, if one is.

    Of a month before all of them it is the first; `notice` says so.
    """
    typed = request.args.get("month", "").strip()
    named = next((month for month in months if month.key == typed), None)
    usual = next((month for month in months if month.is_whole), months[0]) if whole else months[0]
    asked = written.find_month(typed)
    return named or (months[-1] if asked is not None and asked < months[-1].first else usual)


def notice(shown: Month) -> str:
    """What a page says whose address names another month than the one it shows; empty where it shows that one."""
    typed = request.args.get("month", "").strip()
    return f"没有 {written.quoted(typed)} 的统计，下面是 {shown.label}的" if typed not in ("", shown.key) else ""


def of_day(day: date) -> Month | None:
    """The month of a day, as far as it was counted."""
    first = clock.first_of_month(day)
    row = next((row for row in queries.list_counted() if row.month == first), None)
    return None if row is None or row.night_day is None else Month(first, min(last_day(first), row.night_day))


def find(key: str) -> Month | None:
    """The month that an address calls so, as far as it was counted, or else as far as it has gone; None for no month
    that has begun, and for one before all that were counted.
    """
    first, today = written.find_day(f"{key}-01"), clock.business_date(clock.now())
    if first is None or first > today:
        return None
    counted = queries.list_counted()
    if counted and first < counted[-1].month:
        return None
    return of_day(first) or Month(first, min(last_day(first), today))
