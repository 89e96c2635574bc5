"""A doubtful receipt beside those that may tell of the same payment, as its page and its case show them."""

from dataclasses import dataclass
from datetime import datetime

from app.cases.models import Case
from app.flows.held import releasing
from app.identity import queries as members
from app.malls import queries as malls
from app.purchases import day_only, queries, tellings
from app.purchases.matching import Told
from app.purchases.waiting import waiting
from app.purchases.waiting.models import WaitingReceipt
from mall_console.kit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Side:
    """A receipt as it stands in the comparison; `path` leads to it, `member` is masked."""

    source: str
    receipt_no: str
    occurred_at: datetime
    is_day_only: bool
    amount_fen: int
    member: str
    path: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """The doubtful one, and the others with the nearest in time first. Without it the case has been answered."""

    store: str
    doubtful: Side | None
    others: list[Side]


def of_case(workspace: Workspace, case: Case) -> Likeness:
    """What the case is about."""
    row = waiting.find(int(case.subject.partition(":")[2]))
    return Likeness(str(case.facts["store"]), None, []) if row is None else of(workspace, row)


def of(workspace: Workspace, row: WaitingReceipt) -> Likeness:
    """A doubtful receipt of a known store."""
    store, receipt = malls.get_store(row.store_id or 0), waiting.receipt_of(row)
    member = None if row.member_id is None else members.get_member(row.member_id)
    one = Side(
        row.source,
        row.receipt_no,
        row.occurred_at,
        False,
        row.amount_fen,
        _masked(row.member_id),
        f"/purchases/waiting/{row.id}",
    )
    return Likeness(store.name, one, [_side(told) for told in releasing.find_candidates(receipt, store, member)])


def _side(told: Told) -> Side:
    number = tellings.find_first(*told.key)
    if number is not None and number.purchase_id is not None:
        path = f"/purchases/{number.member_id}-{number.purchase_id}"
    else:
        unowned = queries.find_unclaimed(*told.key)
        path = f"/purchases/inbox/{unowned.id}" if unowned is not None else "/purchases/inbox"
    is_day_only = day_only.is_day_only(told.source, told.occurred_at)
    member = _masked(told.member_id)
    return Side(told.source, told.receipt_no, told.occurred_at, is_day_only, told.amount_fen, member, path)


def _masked(member_id: int | None) -> str:
    return "未识别会员" if member_id is None else members.get_member(member_id).phone_masked or "无手机号"
