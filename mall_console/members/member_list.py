"""The list of members who joined in the mall."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement

from app.identity import member_search, people
from app.identity.models import Member, MemberStatus
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.kernel.security.codes import grouped
from app.lifecycle.tags.by_hand import queries as by_hand
from app.lifecycle.tags.computed import queries as computed
from app.lifecycle.tags.computed.rules import read_code
from app.points.ledger import queries as points
from app.purchases import receipt_queries
from app.tiers.standings import queries as tiers
from app.timeline import queries as timeline
from mall_console.kit.listing import cells, columns
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace
from mall_console.tags.tags import list_kinds

STATUSES = {
    MemberStatus.VISITOR.value: ("访客", "plain"),
    MemberStatus.MEMBER.value: ("会员", "good"),
    MemberStatus.MERGED.value: ("已合并", "warn"),
    MemberStatus.CLOSED.value: ("已注销", "bad"),
}
_ASKED = {MemberStatus.MEMBER.value: "会员", MemberStatus.CLOSED.value: "已注销"}


@dataclass(frozen=True, slots=True)
class Joined:
    """A member with how they stand in the group and what they did in this mall."""

    member: Member
    tier: str
    points: int
    spent_fen: int
    last_there: datetime | None


def _read(workspace: Workspace, wanted: Wanted) -> Page[Joined]:
    page = member_search.list_joined(*wanted.where, order=wanted.order, asked=wanted.asked)
    ids, mall_id = [member.id for member in page], workspace.mall.id
    now = clock.now()
    tier, available = tiers.tiers_of(ids, now=now), points.available_of(ids, today=clock.business_date(now))
    whose = people.list_whose(ids)
    spent, there = receipt_queries.spent_by(whose, mall_id=mall_id), timeline.last_there(whose, mall_id=mall_id)
    return page.with_items(
        [Joined(one, tier[one.id], available.get(one.id, 0), spent.get(one.id, 0), there.get(one.id)) for one in page]
    )


def _card(row: Joined) -> str | None:
    return grouped(row.member.card_no) if row.member.card_no else None


def _status(workspace: Workspace, row: Joined) -> Cell:
    return cells.tag(*STATUSES[row.member.status])


def _tags(workspace: Workspace) -> Mapping[str, str]:
    """The computed tags that members of the mall bear, by kind."""
    kinds = list_kinds(workspace.mall.id)
    return {tag.code: f"{kind.name}：{tag.name}" for kind in kinds for tag in kind.tags}


def _words(workspace: Workspace) -> Mapping[str, str]:
    return {str(word.id): word.name for word in by_hand.list_words(workspace.mall.id)}


def _bears(code: str) -> ColumnElement[bool]:
    return computed.bears(*read_code(code))


MEMBERS: Listing[Joined] = Listing(
    name="members",
    title="会员",
    permission="member.view",
    table=Member,
    scope=lambda workspace: [
        workspace.condition("member.view", Member.home_mall_id),
        *member_search.HAS_JOINED,
    ],
    read=_read,
    columns=(
        Column(
            key="member",
            head="会员",
            cell=lambda _, row: cells.text(row.member.phone_masked or "无手机号"),
            look="main num",
            is_fixed=True,
        ),
        columns.text("card", "卡号", _card, look="num wide"),
        columns.moment("joined", "入会时间", lambda row: row.member.joined_at, sort="joined"),
        Column(key="status", head="状态", cell=_status),
        columns.text("tier", "等级", lambda row: row.tier),
        columns.count("points", "积分", lambda row: row.points),
        columns.money("spent", "本商场消费", lambda row: row.spent_fen),
        columns.moment("seen", "最近到店", lambda row: row.last_there),
    ),
    filters=(
        Days("joined", "入会日期", Member.joined_at),
        Choice("tag", "标签", _tags, _bears, "全部标签"),
        Choice("word", "人工标签", _words, lambda code: by_hand.bears(int(code)), "全部人工标签"),
        Choice("status", "状态", _ASKED, lambda status: Member.status == status, "全部状态"),
    ),
    sorts=both_ways("joined", "入会从近到远", "入会从远到近", Member.joined_at, Member.id),
    link=lambda workspace, row: f"{workspace.base}/members/{row.member.public_id}",
    noun="位",
    icon="member",
    nothing="没有会员",
    hint="会员扫入口码、授权手机号后会出现在这里。",
)
