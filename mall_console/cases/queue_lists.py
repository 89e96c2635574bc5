"""The lists of the queue of cases, one for each of its tabs."""

from collections.abc import Mapping
from typing import NamedTuple

from app.access.models import Staff
from app.access.wording import ROLES
from app.cases import queries
from app.cases.models import Case, Status
from app.cases.wording import STATUSES
from app.kernel import clock
from app.kernel.lists.keyset import Page
from mall_console.cases import acts, queue, words
from mall_console.cases.queue import Tab
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell, RowAct
from mall_console.kit.listing.listing import Act, Column, Listing, Sort, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace

TABS = {Tab.TEAM: "本组", Tab.MINE: "我的", Tab.OVERDUE: "已逾期", Tab.ANSWERED: "已办结"}
TONES = {Status.WAITING.value: "warn", Status.TAKEN.value: "cool", Status.ANSWERED.value: "good"}
_STATES = {"waiting": STATUSES[Status.WAITING.value], "taken": STATUSES[Status.TAKEN.value]}
_NOTHING = {
    Tab.TEAM: ("没有待办", "系统无法自动处理的事项会列在这里，等待人工判断。"),
    Tab.MINE: ("没有待办", "您没有领取中的待办，看看本组有没有等待领取的。"),
    Tab.OVERDUE: ("没有待办", "没有超过时限的待办。"),
    Tab.ANSWERED: ("还没有办结的待办", "已办结的待办保留在这里，可查看处理记录，也可以重新打开。"),
}


class Queued(NamedTuple):
    """A case with who works on it or answered it (None: nobody)."""

    case: Case
    owner: Staff | None


def _read(workspace: Workspace, wanted: Wanted) -> Page[Queued]:
    page = queries.list_cases(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Queued(*row) for row in page])


def _title(workspace: Workspace, row: Queued) -> Cell:
    return Cell(text=words.title_of(row.case), small=words.reason_of(row.case))


def _state(workspace: Workspace, row: Queued) -> Cell:
    status = row.case.status
    return cells.tag(STATUSES[status], TONES[status], small=row.owner.name if row.owner else "")


def _due(workspace: Workspace, row: Queued) -> Cell:
    told, is_late = words.due_in_words(row.case, now=clock.now())
    due = cells.moment(row.case.due_at)
    return Cell(text=told, small=due.text, is_negative=is_late, value=due.value)


def _result(workspace: Workspace, row: Queued) -> Cell:
    return Cell(text=words.outcome_of(row.case), small=cells.moment(row.case.answered_at).text)


def _take(tab: Tab) -> Column[Queued]:
    def cell(workspace: Workspace, row: Queued) -> Cell:
        if row.case.status is not Status.WAITING or not queue.may_work_on(workspace, row.case):
            return cells.EMPTY
        address = f"{workspace.base}/cases/{row.case.public_id}/take?tab={tab}"
        return Cell(text="", acts=(RowAct(address, "领取", key="t"),))

    return Column(
        key="take", head="领取", cell=cell, look="right", show_head=False, is_act=True, permission="case.work"
    )


def _kinds(workspace: Workspace) -> Mapping[str, str]:
    return {kind: str(told["title"]) for kind, told in words.KINDS.items()}


_FILTERS = (
    Choice("kind", "事项", _kinds, lambda kind: Case.kind == kind, "全部事项"),
    Choice("team", "组", acts.TEAMS, lambda role: Case.role == role, "全部组"),
    Days("raised", "提出日期", Case.raised_at),
)
_OPEN_FILTERS = (
    *_FILTERS,
    Choice("state", "状态", _STATES, lambda code: Case.owner_id.is_(None) == (code == "waiting"), "全部状态"),
)
_ACTS = (
    Act("领取", "/cases/batch/take", "case.work"),
    Act("转交", "/cases/batch/hand-on", "case.work"),
    Act("办结", "/cases/batch/answer", "case.work", tone="accent"),
)


def _sorts(tab: Tab) -> tuple[Sort, ...]:
    if tab is Tab.ANSWERED:
        return both_ways("answered", "最近办结在前", "最早办结在前", Case.answered_at, Case.id)
    return (
        *reversed(both_ways("due", "时限从远到近", "时限从近到远", Case.due_at, Case.id)),
        *both_ways("raised", "最近提出在前", "最早提出在前", Case.raised_at, Case.id, is_short=True),
    )


def _listing(tab: Tab) -> Listing[Queued]:
    is_open = tab is not Tab.ANSWERED
    end: Column[Queued] = (
        Column(key="due", head="时限", cell=_due, look="nowrap", sort="due")
        if is_open
        else Column(key="answered", head="办结", cell=_result, look="nowrap", sort="answered")
    )
    nothing, hint = _NOTHING[tab]
    return Listing(
        name=f"cases_{tab}",
        title=f"待办（{TABS[tab]}）",
        permission="case.view",
        table=Case,
        scope=lambda workspace: queue.wanted(workspace, tab),
        read=_read,
        columns=(
            Column(key="title", head="待办", cell=_title, look="main wide", is_fixed=True),
            Column(key="state", head="状态", cell=_state),
            columns.text("team", "组", lambda row: ROLES[row.case.role], look="nowrap"),
            columns.moment("raised", "提出时间", lambda row: row.case.raised_at, sort="raised", is_extra=True),
            end,
            *((_take(tab),) if is_open else ()),
        ),
        filters=_OPEN_FILTERS if is_open else _FILTERS,
        sorts=_sorts(tab),
        link=lambda workspace, row: f"{workspace.base}/cases/{row.case.public_id}?tab={tab}",
        key=lambda row: row.case.public_id,
        acts=_ACTS if is_open else (),
        noun="件",
        icon="check",
        nothing=nothing,
        hint=hint,
        kept=("tab",),
        has_keys=True,
    )


QUEUES = {tab: _listing(tab) for tab in Tab}
