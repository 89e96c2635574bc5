"""Months: what is open, what can be closed, what was closed; and closing one, after a page that says what it means."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.wording import month_text
from app.purchases.totals import totals
from app.settlement.ledger import queries as ledger_queries
from app.settlement.statements import queries, statements, wording
from app.settlement.statements.models import Statement
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("closing", __name__, url_prefix="/settlement", template_folder="templates")


class CloseForm(forms.Form):
    """The month that the page showed."""

    period = fields.Month("账期", problem="请从结算页重新进入")


@blueprint.get("")
@mall_required("statement.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The month in hand, the books that wait, and the closed months."""
    months = queries.list_months(visible=workspace.condition("statement.view", Statement.mall_id))
    books = ledger_queries.list_open_books(workspace.mall.id)
    return render_template("console/settlement.html", months=months, books=books, **_in_hand(workspace))


@blueprint.get("/close")
@mall_required("statement.close")
def confirm_page(workspace: Workspace) -> ResponseReturnValue:
    """What closing the month will do, before it is done."""
    in_hand = _in_hand(workspace)
    mall_id, closable_from = workspace.mall.id, in_hand["closable_from"]
    closed = ledger_queries.list_open_books(mall_id, before=closable_from) if in_hand["period"] else []
    differing = _count_differing(mall_id, in_hand["period"], in_hand["last_day"])
    return render_template("console/settlement_close.html", closed=closed, differing=differing, **in_hand)


@blueprint.post("/close")
@mall_required("statement.close")
def close(workspace: Workspace) -> ResponseReturnValue:
    """Close the month that the page showed; closed meanwhile by somebody else, it changes nothing."""
    period = CloseForm.read().period

    def act() -> str:
        now = clock.now()
        closing = statements.close_month(workspace.mall.id, period, now=now)
        facts = {"period": f"{period:%Y-%m}", "issued": closing.issued}
        if closing.issued:
            workspace.record("statement.close", f"period:{workspace.mall.code}:{period:%Y-%m}", now=now, facts=facts)
        pages.say(f"{month_text(period)}已关账，出具 {closing.issued} 张结算单" if closing.issued else "该月此前已关账")
        return f"{workspace.base}/settlement/{period:%Y-%m}"

    return pages.submit(workspace.who, {"period": period.isoformat()}, act)


def _count_differing(mall_id: int, first: date | None, last: date | None) -> int:
    """How many days of stores in the month do not fit what their tills told."""
    return totals.count_differing(mall_id, first=first, last=last) if first and last else 0


def _in_hand(workspace: Workspace) -> dict[str, Any]:
    """The month that is closed next, and whether it is over."""
    period = ledger_queries.find_period_to_close(workspace.mall.id)
    closable_from = clock.first_of_next_month(period) if period else None
    return {
        "direction_of": wording.direction_of,
        "period": period,
        "last_day": closable_from - timedelta(days=1) if closable_from else None,
        "closable_from": closable_from,
        "can_close": _is_over(closable_from) and workspace.can("statement.close"),
        "is_over": _is_over(closable_from),
    }


def _is_over(closable_from: date | None) -> bool:
    return closable_from is not None and clock.business_date(clock.now()) >= closable_from
