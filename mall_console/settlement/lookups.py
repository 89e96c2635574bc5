"""Statements by their number."""

from collections.abc import Sequence

from app.kernel.spelling import marks
from app.kernel.wording import month_text
from app.settlement.statements import queries, wording
from app.settlement.statements.errors import StatementNotFound
from app.settlement.statements.models import Statement
from app.web import filters
from mall_console.kit.lookups import Finder, Hit, Reach


def _find(reach: Reach, typed: str) -> Sequence[Hit]:
    try:
        named = queries.get_statement(marks.unblanked(typed).upper(), visible=reach.holds(Statement.mall_id))
    except StatementNotFound:
        return ()
    statement = named.statement
    amount = f"{wording.direction_of(statement.amount_fen)} {filters.yuan(abs(statement.amount_fen))}"
    return [
        Hit(
            name=f"{named.merchant_name} {month_text(statement.period)}",
            told=f"{statement.statement_no}，{amount}，{wording.status_of(statement)}",
            mall=reach.malls[statement.mall_id],
            path=f"/settlement/statements/{statement.statement_no}",
            subject=f"statement:{statement.id}",
        )
    ]


LOOKUPS = (Finder(code="statement", what="结算单", by="结算单号", permission="statement.view", find=_find),)
