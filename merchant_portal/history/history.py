"""A store's redemptions by day."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.staff_queries import SignedIn, Stand
from app.kernel import clock
from app.web.pages import lists, pages
from app.web.staff.auth import store_required
from merchant_portal.kit import today

blueprint = Blueprint("history", __name__, url_prefix="/history", template_folder="templates")


@blueprint.get("")
@store_required("redemption.list")
def page(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """One day; earlier and later days by htmx. A clerk without `redemption.totals` sees amounts of today only."""
    present = clock.business_date(clock.now())
    day = min(pages.asked_day(present), present)
    asked = lists.asked(today.LONGEST_LIST)
    part = "portal/_history_rows.html" if asked.cursor else "portal/_history_day.html"
    return render_template(
        part if pages.is_part() else "portal/history.html",
        stand=stand,
        found=today.read(stand, day, asked),
        day=day,
        previous=day - timedelta(days=1),
        following=day + timedelta(days=1) if day < present else None,
        present=present,
        shows_money=day == present or who.can("redemption.totals"),
    )
