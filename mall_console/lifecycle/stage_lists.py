"""The members behind the figures of the lifecycle: who stands in a stage now, and who moved on which days."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select

from app.identity.models import Member
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Page
from app.lifecycle.causes import queries as causes
from app.lifecycle.causes.rules import Cause
from app.lifecycle.causes.wording import SLEEP_CAUSES
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import NOWHERE, MemberStage, StageChange
from app.lifecycle.stages.wording import ACTIVITIES, STAGES
from app.web.forms import written
from mall_console.kit.listing import cells, columns, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle import cell_names, stories

blueprint = Blueprint("stage_lists", __name__, url_prefix="/lifecycle", template_folder="templates")

TONES = {"1": "plain", "2": "info", "3": "info", "4": "good", "5": "good"}
AT_RISK = "warn"


class Stood(NamedTuple):
    """A member, where they stand, and why in words; `cause`: why they stay away, where that is read and they do."""

    member: Member
    stage: MemberStage
    why: str
    cause: Cause | None = None


class Moved(NamedTuple):
    """A member, one change of where they stand, and why in words."""

    member: Member
    change: StageChange
    why: str


def stage_cell(stage: str, *, small: str = "") -> Cell:
    """A stage by its name; of those who stand nowhere a dash."""
    if stage == NOWHERE:
        return cells.NOTHING
    return cells.tag(STAGES[stage], TONES.get(stage, AT_RISK), small=small)


def _read_standings(workspace: Workspace, wanted: Wanted) -> Page[Stood]:
    page = keyset.scalars(select(MemberStage).where(*wanted.where), wanted.order, wanted.asked)
    who = members_of(row.member_id for row in page)
    reasons, away = stories.of_standings(page.items), causes.causes_of(who)
    return page.with_items(
        [Stood(who[row.member_id], row, reasons[row.member_id], away.get(row.member_id)) for row in page]
    )


def _read_moves(workspace: Workspace, wanted: Wanted) -> Page[Moved]:
    page = keyset.scalars(select(StageChange).where(*wanted.where), wanted.order, wanted.asked)
    who = members_of(row.member_id for row in page)
    return page.with_items([Moved(who[row.member_id], row, stories.of_change(row)) for row in page])


def members_of(ids: Iterable[int]) -> dict[int, Member]:
    """Members by their number."""
    found = db.session.scalars(select(Member).where(Member.id.in_(list(ids))))
    return {member.id: member for member in found}


def _here(workspace: Workspace, column: Any) -> ColumnElement[bool]:
    return workspace.condition("lifecycle.view", column)


def standing_cell(row: Stood) -> Cell:
    """Where a member stands now, with how active they are."""
    return stage_cell(row.stage.stage, small=ACTIVITIES[row.stage.activity])


def member_cell(member: Member) -> Cell:
    """A member by their masked phone."""
    return cells.text(member.phone_masked or "无手机号")


def _member_page(workspace: Workspace, row: Stood | Moved) -> str:
    return f"{workspace.base}/members/{row.member.public_id}"


_MEMBER: Column[Any] = Column(
    key="member",
    head="会员",
    cell=lambda _, row: member_cell(row.member),
    look="main num",
    is_fixed=True,
)


def _stays_away_for(cause: str) -> ColumnElement[bool]:
    # Found once: looked up one by one in the order of stages, all whom nothing ails would be gone through first.
    away = causes.who_stays_away_for(Cause(cause)).cte("away").prefix_with("MATERIALIZED")
    return MemberStage.member_id.in_(select(away.c.member_id))


STANDINGS: Listing[Stood] = Listing(
    name="stage_standings",
    title="会员分层名单",
    permission="lifecycle.view",
    table=MemberStage,
    scope=lambda workspace: [_here(workspace, MemberStage.home_mall_id), MemberStage.stage != NOWHERE],
    read=_read_standings,
    columns=(
        _MEMBER,
        Column(key="stage", head="分层", cell=lambda _, row: standing_cell(row)),
        columns.text("why", "分层依据", lambda row: row.why, look="wide"),
        columns.text("cause", "沉睡原因", lambda row: SLEEP_CAUSES[row.cause] if row.cause else None),
        columns.text("since", "进入日期", lambda row: row.stage.since.isoformat(), look="num nowrap"),
        columns.text("bought", "最近消费", lambda row: _iso(row.stage.last_purchase_on), look="num nowrap"),
        columns.text("seen", "最近到店", lambda row: row.stage.last_presence_on.isoformat(), look="num nowrap"),
        columns.count("recent", "近期消费次数", lambda row: row.stage.recent_purchases),
        columns.money("year", "近一年消费", lambda row: row.stage.year_fen),
        columns.money("ever", "累计消费", lambda row: row.stage.monetary_fen, is_extra=True),
    ),
    filters=(
        Choice("stage", "分层", STAGES, lambda code: MemberStage.stage == code, "全部分层"),
        Choice("cause", "沉睡原因", SLEEP_CAUSES, _stays_away_for, "全部原因"),
        Choice("activity", "活跃度", ACTIVITIES, lambda code: MemberStage.activity == code, "全部"),
        Days("since", "进入日期", MemberStage.since, is_date=True),
    ),
    sorts=both_ways("member", "按分层", "按分层倒序", MemberStage.stage, MemberStage.member_id),
    link=_member_page,
    noun="位",
    icon="member",
    nothing="没有这样的会员",
    hint="每天凌晨按分层规则重新计算；入会和首次消费当天即时更新。",
)

MOVES: Listing[Moved] = Listing(
    name="stage_moves",
    title="分层变动",
    permission="lifecycle.view",
    table=StageChange,
    scope=lambda workspace: [
        _here(workspace, StageChange.home_mall_id),
        StageChange.old_stage != StageChange.stage,
        StageChange.stage != NOWHERE,
    ],
    read=_read_moves,
    columns=(
        columns.text("day", "日期", lambda row: _iso(row.change.day), look="num nowrap", sort="day", is_fixed=True),
        _MEMBER,
        Column(key="old", head="原分层", cell=lambda _, row: stage_cell(row.change.old_stage)),
        Column(key="new", head="新分层", cell=lambda _, row: stage_cell(row.change.stage)),
        columns.text("why", "原因", lambda row: row.why, look="wide"),
    ),
    filters=(
        Days("day", "日期", StageChange.day, is_date=True),
        Choice("old", "原分层", STAGES, lambda code: StageChange.old_stage == code, "全部"),
        Choice("new", "新分层", STAGES, lambda code: StageChange.stage == code, "全部"),
    ),
    sorts=both_ways("day", "日期从近到远", "日期从远到近", StageChange.day, StageChange.member_id, StageChange.id),
    link=_member_page,
    noun="次",
    icon="member",
    nothing="这些日子没有会员变动分层",
    hint="会员从一个分层到另一个分层时，会出现在这里，附当天的原因。",
)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@blueprint.get("/members")
@mall_required("lifecycle.view")
def standings(workspace: Workspace) -> ResponseReturnValue:
    """Who stands where now; `?day=` with a stage leads to who stood there at the end of that day."""
    typed = request.args.get("day", "").strip()
    key, kind = _key_of_day(typed), request.args.get("export")
    if key is not None:
        file = f"?{urlencode({'export': kind})}" if kind else ""
        return redirect(f"{workspace.base}/lifecycle/matrix/members/{key}{file}", 303)
    if typed and kind:
        raise NotFound(day=typed)
    return views.page(STANDINGS, workspace, "stage_standings", other_day=written.quoted(typed))


def _key_of_day(typed: str) -> str | None:
    """What addresses call the day and the stage that the request names; None where there is no such list."""
    day = written.find_day(typed)
    key = None if day is None else cell_names.key_of_day(day, request.args.get("stage", ""))
    return key if key and cell_names.is_cell(key) else None


@blueprint.get("/moves")
@mall_required("lifecycle.view")
def moves(workspace: Workspace) -> ResponseReturnValue:
    """Who moved on which days."""
    night = nights.find_last()
    return views.page(MOVES, workspace, "stage_moves", until=night and night.day)
