"""A store's redemptions by day and shift, and by the end of a coupon's code."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.access import staff_queries
from app.access.staff_queries import SignedIn, Stand
from app.benefits.coupons.till_queries import Span
from app.kernel import clock
from app.kernel.spelling.codes import spell_code
from app.web.forms import fields, forms, written
from app.web.pages import lists, pages, searches
from app.web.staff.auth import store_required
from merchant_portal.kit import today

blueprint = Blueprint("history", __name__, url_prefix="/history", template_folder="templates")

SHORTEST_END = 4


class SearchForm(forms.Form):
    """A coupon's code, or its end."""

    code = fields.Raw("券码", most=40)


@dataclass(frozen=True, slots=True)
class Shift:
    """The part of a day that the address asks for, and whose; minutes since midnight, None for an open end."""

    day: date
    from_minute: int | None
    to_minute: int | None
    clerk: str

    @classmethod
    def asked(cls, present: date) -> "Shift":
        day = min(pages.asked_day(present), present)
        begin, end = (written.minute_of_day(request.args.get(name, "")) for name in ("from", "to"))
        if begin is not None and end is not None and begin >= end:
            begin = end = None
        return cls(day, begin, end, request.args.get("clerk", "")[:64])

    def span(self, stand: Stand) -> Span:
        begin, end = clock.start_of_day(self.day), clock.end_of_day(self.day)
        return Span(
            stand.store_id,
            begin if self.from_minute is None else _moment(begin, self.from_minute),
            end if self.to_minute is None else _moment(begin, self.to_minute),
            staff_queries.find_staff_id(self.clerk) if self.clerk else None,
        )

    def address(self, **changed: object) -> str:
        """This page with some of it changed; None leaves a thing out."""
        now = {"day": self.day, "from": _time(self.from_minute), "to": _time(self.to_minute), "clerk": self.clerk}
        kept = {name: value for name, value in (now | changed).items() if value}
        return f"/portal/history?{urlencode(kept)}"

    @property
    def is_narrowed(self) -> bool:
        return self.from_minute is not None or self.to_minute is not None or self.clerk != ""

    @staticmethod
    def choices(chosen: str) -> list[str]:
        """Times to choose from: every half hour, and the one that is chosen."""
        return sorted({_time(minute) for minute in range(6 * 60, 24 * 60, 30)} | ({chosen} - {""}))

    @property
    def times(self) -> tuple[str, str]:
        return _time(self.from_minute), _time(self.to_minute)


def _moment(begin: datetime, minute: int) -> datetime:
    return begin + timedelta(minutes=minute)


def _time(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


@blueprint.get("")
@store_required("redemption.list")
def page(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """One day or a shift of it; other days by htmx. Without `redemption.totals` one sees amounts of today only."""
    end = searches.unseal(request.args.get("code", ""), now=clock.now())
    if end or end is None:
        return _found(who, stand, end)
    present = clock.business_date(clock.now())
    shift, asked = Shift.asked(present), lists.asked(today.LONGEST_LIST)
    part = "portal/_history_rows.html" if asked.cursor else "portal/_history_day.html"
    return render_template(
        part if pages.is_part() else "portal/history.html",
        shift=shift,
        found=today.read_span(shift.span(stand), asked),
        previous=shift.day - timedelta(days=1),
        following=shift.day + timedelta(days=1) if shift.day < present else None,
        present=present,
        own=who.public_id,
        shows_money=shift.day == present or who.can("redemption.totals"),
    )


@blueprint.post("/search")
@store_required("redemption.list")
def search(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """Look for a code or its end, which is sealed in the address that shows what was found."""
    end = spell_code(SearchForm.read().code)
    sealed = searches.seal(end, now=clock.now())
    return redirect(f"/portal/history?{urlencode({'code': sealed})}" if sealed else "/portal/history", 303)


def _found(who: SignedIn, stand: Stand, end: str | None) -> ResponseReturnValue:
    """Redemptions of any day whose code ends so; None for an address that is too old to say."""
    is_long_enough = end is not None and len(end) >= SHORTEST_END and end.isascii() and end.isalnum()
    return render_template(
        "portal/history_found.html",
        end=end,
        is_long_enough=is_long_enough,
        uses=today.search(stand, end) if end and is_long_enough else [],
        present=clock.business_date(clock.now()),
        day_of=clock.business_date,
        shows_all_money=who.can("redemption.totals"),
    )
