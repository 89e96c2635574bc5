"""The list of merges: who turned out to be whom, when, and by whose decision."""

from typing import NamedTuple

from sqlalchemy import ColumnElement

from app.identity import merges
from app.identity.models import Member, MemberMerge, MergeWhy
from app.kernel.lists.keyset import Page
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace

WHYS = {
    MergeWhy.CASE.value: "人工确认",
    MergeWhy.PROOF.value: "系统自动（证据确凿）",
}
_STATES = {"standing": "已合并", "undone": "已撤销"}


class Merged(NamedTuple):
    """A merge with who was merged, and into whom."""

    merge: MemberMerge
    member: Member
    survivor: Member


def _read(workspace: Workspace, wanted: Wanted) -> Page[Merged]:
    page = merges.list_merges(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Merged(*row) for row in page])


def _state(workspace: Workspace, row: Merged) -> Cell:
    if row.merge.undone_at is None:
        return cells.tag(_STATES["standing"], "good")
    return cells.tag(_STATES["undone"], "plain", small=cells.moment(row.merge.undone_at).text)


def _decided(workspace: Workspace, row: Merged) -> Cell:
    by = row.merge.actor_name if row.merge.actor_kind == "staff" else ""
    return cells.text(WHYS[row.merge.why], small=by)


def _carried(row: Merged) -> str:
    carried = row.merge.carried
    told = [
        f"{carried.get('points', 0):,} 积分" if carried.get("points") else "",
        f"{carried['coupons']} 张券" if carried.get("coupons") else "",
        f"{carried['growth']:,} 成长值" if carried.get("growth") else "",
    ]
    return "、".join(part for part in told if part)


def _link(workspace: Workspace, row: Merged) -> str:
    address = f"{workspace.base}/members/{row.survivor.public_id}"
    return f"{address}/merges/{row.merge.id}" if workspace.can("member.merge") else address


def _is_in(state: str) -> ColumnElement[bool]:
    return MemberMerge.undone_at.is_(None) if state == "standing" else MemberMerge.undone_at.is_not(None)


MERGES: Listing[Merged] = Listing(
    name="member_merges",
    title="合并记录",
    permission="member.view",
    table=MemberMerge,
    scope=lambda workspace: [workspace.condition("member.view", MemberMerge.mall_id)],
    read=_read,
    columns=(
        Column(
            key="member",
            head="被合并的会员",
            cell=lambda _, row: cells.text(row.member.phone_masked or "无手机号"),
            look="main num",
            is_fixed=True,
        ),
        columns.text("into", "合并到", lambda row: row.survivor.phone_masked or "无手机号", look="num"),
        columns.moment("at", "合并时间", lambda row: row.merge.merged_at, sort="at"),
        Column(key="decided", head="依据", cell=_decided, look="nowrap"),
        columns.text("carried", "转入", _carried, look="wide"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Days("at", "合并日期", MemberMerge.merged_at),
        Choice("why", "依据", WHYS, lambda why: MemberMerge.why == why, "全部依据"),
        Choice("state", "状态", _STATES, _is_in, "全部状态"),
    ),
    sorts=both_ways("at", "合并从近到远", "合并从远到近", MemberMerge.merged_at, MemberMerge.id),
    link=_link,
    noun="次",
    icon="member",
    nothing="还没有合并过会员",
    hint="系统找到的同一位会员，以及在待办里确认为同一个人的会员，合并后列在这里，可以撤销。",
)
