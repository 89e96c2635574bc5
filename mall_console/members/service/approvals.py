"""What a colleague wants to give or take over a limit, as the page of its case shows it."""

from dataclasses import dataclass

from app.care import budgets, requests, wording
from app.care.budgets import Budget
from app.care.models import CareRequest
from app.cases.models import Case
from app.identity import queries
from app.kernel import clock
from app.points.ledger import queries as points
from app.points.ledger.queries import Balance
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace
from mall_console.members import evidence


@dataclass(frozen=True, slots=True)
class Asked:
    """The request, for whom, why in words, how the member's points stand, and what is left of the month's budget."""

    request: CareRequest
    member: Shown
    why: str
    status: str
    balance: Balance
    budget: Budget


def show(workspace: Workspace, case: Case) -> Asked | None:
    """None when the member has left, and the request with them."""
    request = requests.find_of(case.subject)
    if request is None:
        return None
    now = clock.now()
    member = queries.get_member(request.member_id)
    return Asked(
        request,
        evidence.show_member(workspace, member),
        wording.WHY[request.reason],
        wording.REQUEST_STATUSES[request.status],
        points.get_balance(member.id, now=now),
        budgets.get(request.mall_id, now=now),
    )
