"""Months: what is open, what can be closed, what was closed; and closing one, after a page that says what it means."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.settlement.ledger import queries as ledger_queries
from app.settlement.statements import queries, statements
from app.settlement.statements.models import Statement
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.desk import Desk, at_desk

blueprint = Blueprint("closing", __name__, url_prefix="/settlement", template_folder="templates")


class CloseForm(forms.Form):
    """The month that the page showed."""

    period = fields.Month("账期", problem="请从结算页重新进入")


@blueprint.get("")
@at_desk("statement.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The month in hand, the books that wait, and the closed months."""
    months = queries.list_months(visible=desk.condition("statement.view", Statement.mall_id))
    return render_template("console/settlement.html", months=months, **_in_hand(desk))


@blueprint.get("/close")
@at_desk("statement.close")
def confirm_page(desk: Desk) -> ResponseReturnValue:
    """What closing the month will do, before it is done."""
    in_hand = _in_hand(desk)
    closed = ledger_queries.list_open_books(desk.mall.id, before=in_hand["closable_from"]) if in_hand["period"] else []
    return render_template("console/settlement_close.html", closed=closed, **in_hand)


@blueprint.post("/close")
@at_desk("statement.close")
def close(desk: Desk) -> ResponseReturnValue:
    """Close the month that the page showed; closed meanwhile by somebody else, it changes nothing."""
    period = CloseForm.read().period

    def act() -> str:
        now = clock.now()
        closing = statements.close_month(desk.mall.id, period, now=now)
        facts = {"period": f"{period:%Y-%m}", "issued": closing.issued}
        desk.record("statement.close", f"period:{desk.mall.code}:{period:%Y-%m}", now=now, facts=facts)
        pages.say(f"{period:%Y年%m月}已关账，出具 {closing.issued} 张结算单" if closing.issued else "该月此前已关账")
        return f"{desk.base}/settlement/{period:%Y-%m}"

    return pages.submit(desk.who, {"period": period.isoformat()}, act)


def _in_hand(desk: Desk) -> dict[str, Any]:
    """The month that is closed next, whether it is over, and the books as they stand."""
    period = ledger_queries.find_period_to_close(desk.mall.id)
    closable_from = clock.first_of_next_month(period) if period else None
    books = ledger_queries.list_open_books(desk.mall.id)
    return {
        "period": period,
        "last_day": closable_from - timedelta(days=1) if closable_from else None,
        "closable_from": closable_from,
        "can_close": _is_over(closable_from) and desk.can("statement.close"),
        "is_over": _is_over(closable_from),
        "books": books,
    }


def _is_over(closable_from: date | None) -> bool:
    return closable_from is not None and clock.business_date(clock.now()) >= closable_from
