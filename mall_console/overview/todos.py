"""What waits for the person in this mall, the most pressing first: months, statements, cases, alarms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.benefits.grants import grants, offering
from app.benefits.grants import queries as grants_queries
from app.benefits.grants import wording as grants_wording
from app.kernel import clock
from app.kernel.wording import month_text
from app.parking import overview as parking
from app.parking.car_parks.models import CarPark
from app.points.proof import queries as proof_queries
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.models import ReceiptPhoto
from app.settlement.ledger import queries as ledger_queries
from app.settlement.statements import open_lists
from app.settlement.statements.models import Statement
from app.settlement.statements.open_lists import OpenList, OpenMonth
from mall_console.cases import queue
from mall_console.kit.workspace import Workspace

_OVERDUE = {OpenList.PAYABLE: "应付商户的结算单已逾期", OpenList.RECEIVABLE: "商户应付的结算单已逾期"}


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: what, how much of it, where, and `bad` where it is late or broken."""

    text: str
    count: str
    address: str
    tone: str = "warn"


def list_todos(workspace: Workspace, *, now: datetime) -> list[Todo]:
    """Everything that waits; late and broken things first."""
    found = [
        *_cases(workspace),
        *_photos(workspace),
        *_alarms(workspace, now=now),
        *_points(workspace, now=now),
        *_months(workspace, now=now),
        *_statements(workspace, now=now),
    ]
    return sorted(found, key=lambda todo: todo.tone != "bad")


def _cases(workspace: Workspace) -> Iterator[Todo]:
    if not workspace.can("case.work"):
        return
    counts, address = queue.count(workspace), f"{workspace.base}/cases"
    if counts.overdue:
        yield Todo("待办已逾期", f"{counts.overdue} 件", f"{address}?tab=overdue", "bad")
    if counts.waiting:
        yield Todo("待办等待领取", f"{counts.waiting} 件", address)
    if counts.mine:
        yield Todo("由我处理的待办", f"{counts.mine} 件", f"{address}?tab=mine")


def _photos(workspace: Workspace) -> Iterator[Todo]:
    """Photographed receipts that the person may read."""
    if not workspace.can("purchase.work"):
        return
    visible = workspace.condition("purchase.work", ReceiptPhoto.mall_id)
    count = photo_queries.count_open(visible, staff_id=workspace.who.actor.id)
    if count:
        yield Todo("小票照片待审核", f"{count} 张", f"{workspace.base}/purchases/photos")


def _points(workspace: Workspace, *, now: datetime) -> Iterator[Todo]:
    """Accounts that the last proof found to differ, and a night that was not proved."""
    last = proof_queries.find_last() if workspace.can("points.watch") else None
    if last is None:
        return
    address = f"{workspace.base}/points/proof"
    if last.differences:
        yield Todo("积分账务核对不符", f"{last.differences} 处", address, "bad")
    missed = (clock.business_date(now) - last.day).days
    if missed > 1:
        yield Todo("积分账务没有按时核对", f"{missed} 天", address, "bad")


def _months(workspace: Workspace, *, now: datetime) -> Iterator[Todo]:
    if not workspace.can("statement.close"):
        return
    period = ledger_queries.find_period_to_close(workspace.mall.id)
    if period is not None and clock.business_date(now) >= clock.first_of_next_month(period):
        yield Todo("可以关账", month_text(period), f"{workspace.base}/settlement/close")


def _statements(workspace: Workspace, *, now: datetime) -> Iterator[Todo]:
    """What should have been paid or received by now; disputes to answer and sums to settle, month by month."""
    if not workspace.can("statement.pay"):
        return
    months = open_lists.list_open_months(
        visible=workspace.condition("statement.pay", Statement.mall_id),
        mall_id=workspace.mall.id,
        today=clock.business_date(now),
    )
    totals = open_lists.sum_open(months)
    for which, words in _OVERDUE.items():
        if totals[which].overdue:
            yield Todo(words, f"{totals[which].overdue} 张", f"{workspace.base}/due?list={which.value}", "bad")
    yield from _open_months(workspace, months, _DISPUTED, "disputed", "bad")
    yield from _open_months(workspace, months, _AGREED, "confirmed", "warn")


_DISPUTED = {OpenList.DISPUTED: "结算单有异议，待答复"}
_AGREED = {OpenList.PAYABLE: "结算单商户已确认，待付款", OpenList.RECEIVABLE: "结算单商户已确认，待收款"}


def _open_months(
    workspace: Workspace, months: list[OpenMonth], lists: Mapping[OpenList, str], status: str, tone: str
) -> Iterator[Todo]:
    """What waits in these lists: in one month a line to its statements, in several a line to each open list."""
    totals, periods = open_lists.sum_open(months), {month.period for month in months if month.which in lists}
    if len(periods) == 1:
        [period], count = periods, sum(totals[which].statements for which in lists)
        words = "结算单商户已确认，待结清" if lists is _AGREED else _DISPUTED[OpenList.DISPUTED]
        address = f"{workspace.base}/settlement/{period:%Y-%m}?status={status}"
        yield Todo(f"{month_text(period)}{words}", f"{count} 张", address, tone)
        return
    for which, words in lists.items():
        if count := totals[which].statements:
            yield Todo(words, f"{count} 张", f"{workspace.base}/due?list={which.value}", tone)


def _alarms(workspace: Workspace, *, now: datetime) -> Iterator[Todo]:
    """What is broken: gates that take no messages, gifts that have run out, and triggers that can give nothing."""
    if workspace.can("parking.manage"):
        for gate in parking.list_unheard(workspace.condition("parking.manage", CarPark.mall_id)):
            address = f"{workspace.base}/parking/car-parks/{gate.code}"
            tried = (
                "，已停止重试" if gate.stopped == gate.unheard else "，部分已停止重试" if gate.stopped else "，正在重试"
            )
            yield Todo(f"{gate.name}的道闸未接收放行通知{tried}", f"{gate.unheard} 条", address, "bad")
    if workspace.can("campaign.manage"):
        for campaign in offering.list_gone(workspace.mall.id, triggers=grants.OF_JOINING):
            address = f"{workspace.base}/campaigns/{campaign.public_id}"
            yield Todo(f"发放中的「{campaign.title}」已领完", "库存 0", address, "bad")
        idle = grants_queries.list_idle(workspace.mall.id, triggers=grants.OF_JOINING, now=now)
        for trigger, chosen in idle.items():
            title, address = grants_wording.TRIGGERS[trigger][0], f"{workspace.base}/campaigns/grants"
            yield Todo(f"{title}没有可发放的活动", f"已选 {chosen} 个", address, "bad")
