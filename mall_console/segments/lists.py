"""The list of segments, and that of a segment's members: masked, as its file is."""

from typing import NamedTuple

from app.identity import member_search
from app.identity.models import Member
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.kernel.security.codes import grouped
from app.lifecycle.segments import queries
from app.lifecycle.segments.models import Segment
from app.lifecycle.stages import queries as stages
from app.lifecycle.stages.models import NOWHERE, MemberStage
from app.points.ledger import queries as points
from app.tiers.standings import queries as tiers
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days, Search
from mall_console.kit.workspace import Workspace
from mall_console.lifecycle.stage_lists import stage_cell

KEEPING = {"live": "实时", "nightly": "每晚更新"}
_STATES = {"used": "使用中", "archived": "已停用"}
_PLACES = {"mall": "本商场", "group": "全集团"}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Segment]:
    return queries.list_segments(*wanted.where, order=wanted.order, asked=wanted.asked)


def _members(workspace: Workspace, row: Segment) -> Cell:
    """How many are kept, as of when; of a group's segment only who keeps the group reads it."""
    is_known = row.mall_id == workspace.mall.id or workspace.who.scope.mall_ids is None
    if not is_known or row.members is None:
        return cells.NOTHING
    before = "" if row.refreshed_version == row.version else "，修改前"
    return cells.count(row.members, small=f"截至 {cells.moment(row.refreshed_at).text}{before}")


def _state(workspace: Workspace, row: Segment) -> Cell:
    if row.archived_at is not None:
        return cells.tag("已停用")
    if not row.is_nightly:
        return cells.tag(KEEPING["live"], "cool")
    return cells.tag(KEEPING["nightly"], "good" if row.refreshed_version == row.version else "warn")


SEGMENTS: Listing[Segment] = Listing(
    name="segments",
    title="人群",
    permission="segment.view",
    table=Segment,
    scope=lambda workspace: [queries.seen_in(workspace.mall.id)],
    read=_read,
    columns=(
        columns.text("title", "人群", lambda row: row.title, look="main", is_fixed=True),
        columns.text("place", "范围", lambda row: _PLACES["group" if row.mall_id is None else "mall"]),
        Column(key="members", head="人数", cell=_members, look="right num"),
        columns.moment("refreshed", "人数更新时间", lambda row: row.refreshed_at, is_extra=True),
        columns.text("owner", "负责人", lambda row: row.owner_name),
        columns.count("version", "版本", lambda row: row.version),
        Column(key="state", head="状态", cell=_state),
        columns.moment("created", "创建时间", lambda row: row.created_at, is_extra=True),
    ),
    filters=(
        Search("人群名称", narrowing.contains(Segment.title), is_open=True),
        Days("day", "创建日期", Segment.created_at),
        Choice("keeping", "更新方式", KEEPING, lambda code: Segment.is_nightly.is_(code == "nightly"), "全部方式"),
        Choice(
            "state",
            "状态",
            _STATES,
            lambda code: Segment.archived_at.is_(None) if code == "used" else Segment.archived_at.is_not(None),
            "全部状态",
        ),
    ),
    sorts=both_ways("added", "最近新建在前", "最早新建在前", Segment.id),
    link=lambda workspace, row: f"{workspace.base}/segments/{row.public_id}",
    noun="个",
    icon="member",
    nothing="还没有人群",
    hint="用等级、消费、到店、权益等条件圈出一群会员，供查看、导出和后续触达使用。",
)


def _about(workspace: Workspace, public_id: str) -> About:
    segment = queries.get_segment(public_id, mall_id=workspace.mall.id)
    return About(segment.public_id, segment, segment.title, [queries.is_in(segment, now=clock.now())])


class InSegment(NamedTuple):
    """A member of a segment with how they stand in the group; `stage` is None for whom no night has counted yet."""

    member: Member
    tier: str
    points: int
    stage: MemberStage | None


def _list_members(workspace: Workspace, wanted: Wanted) -> Page[InSegment]:
    page = member_search.list_joined(*wanted.where, order=wanted.order, asked=wanted.asked)
    ids = [member.id for member in page]
    now = clock.now()
    tier, available = tiers.tiers_of(ids, now=now), points.available_of(ids, today=clock.business_date(now))
    stands = stages.standings_of(ids)
    return page.with_items([InSegment(one, tier[one.id], available.get(one.id, 0), stands.get(one.id)) for one in page])


def _stage(workspace: Workspace, row: InSegment) -> Cell:
    return stage_cell(row.stage.stage if row.stage else NOWHERE)


def _last_seen(row: InSegment) -> str | None:
    return row.stage.last_presence_on.isoformat() if row.stage else None


MEMBERS: Listing[InSegment] = Listing(
    name="segment_members",
    title="人群会员",
    permission="segment.view",
    table=Member,
    scope=lambda workspace: [workspace.condition("segment.view", Member.home_mall_id)],
    read=_list_members,
    columns=(
        Column(
            key="member",
            head="会员",
            cell=lambda workspace, row: cells.member(workspace, row.member),
            look="main num",
            is_fixed=True,
        ),
        columns.text("card", "卡号", lambda row: grouped(row.member.card_no or "") or None, look="num wide"),
        Column(key="stage", head="分层", cell=_stage),
        columns.text("seen", "最近到店", _last_seen, look="num nowrap"),
        columns.money("ever", "累计消费", lambda row: row.stage.monetary_fen if row.stage else None),
        columns.moment("joined", "入会时间", lambda row: row.member.joined_at, sort="joined"),
        columns.text("tier", "等级", lambda row: row.tier),
        columns.count("points", "积分", lambda row: row.points),
    ),
    filters=(Days("joined", "入会日期", Member.joined_at),),
    sorts=both_ways("joined", "入会从近到远", "入会从远到近", Member.joined_at, Member.id),
    noun="位",
    icon="member",
    nothing="目前没有符合条件的会员",
    hint="每晚更新的人群，新建后一分钟左右才有名单。",
    about=_about,
    kept=("tab",),
)
