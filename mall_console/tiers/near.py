"""Who is close to moving: standings whose period ends soon, and members who lack little for the next tier."""

from datetime import date
from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, bindparam, case, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import Moment
from app.kernel.lists import keyset
from app.kernel.lists.keyset import Order, Page
from app.tiers.growth import growth
from app.tiers.growth.models import GrowthAccount
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import Ladder, Rung
from app.tiers.standings import queries as tiers
from app.tiers.standings import rules, standings
from app.tiers.standings.models import TierStanding
from mall_console.kit.listing import cells, columns, views
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Sort, Wanted
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.lifecycle.stage_lists import members_of

blueprint = Blueprint("tier_near", __name__, url_prefix="/tiers/near", template_folder="templates")

# Who has so much of what the next rung asks for is close to it.
CLOSE_BPS = 8_000
_NOWHERE = ""
_EVER = clock.start_of_day(date(1970, 1, 1))


class Ending(NamedTuple):
    """A member whose period ends, its growth so far, what would keep them, and the tier that follows as it is."""

    member: Member
    tier: str
    last_day: date | None
    so_far: int
    missing: int
    then: str


class Rising(NamedTuple):
    """A member, their tier, the growth that counts now, the next tier and what is missing to it."""

    member: Member
    tier: str
    counting: int
    next_tier: str
    missing: int


def _own(workspace: Workspace, member_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    here = workspace.condition("tier.view", Member.home_mall_id)
    return member_id.in_(select(Member.id).where(here, Member.status == "member"))


def _read_ending(workspace: Workspace, wanted: Wanted) -> Page[Ending]:
    page = keyset.scalars(select(TierStanding).where(*wanted.where), wanted.order, wanted.asked)
    who = members_of(row.member_id for row in page)
    return page.with_items([_ending(row, who[row.member_id]) for row in page])


def _ending(row: TierStanding, member: Member) -> Ending:
    held = standings.to_held(row)
    ends_on = clock.business_date(row.ends_at or row.began_at)
    ladder, so_far = ladders.in_force(ends_on), standings.of_period(row.member_id, held, until=clock.now())
    then, own = rules.after_end(held, ladder, counted=so_far), ladder.rung_of(held.tier)
    missing = max(own.threshold - so_far, 0) if then.tier != held.tier else 0
    return Ending(member, own.name, held.last_day, so_far, missing, ladder.rung_of(then.tier).name)


def _then(_: Workspace, row: Ending) -> Cell:
    return cells.tag("保级", "good") if row.then == row.tier else cells.tag(f"降至{row.then}", "warn")


def _tier_names(_: Workspace) -> dict[str, str]:
    return ladders.list_names(clock.business_date(clock.now()))


def _member(row: Ending | Rising) -> Member:
    return row.member


FALLING: Listing[Ending] = Listing(
    name="tiers_ending",
    title="等级到期名单",
    permission="tier.view",
    table=TierStanding,
    scope=lambda workspace: [
        _own(workspace, TierStanding.member_id),
        TierStanding.replaced_at.is_(None),
        TierStanding.ends_at > clock.now(),
    ],
    read=_read_ending,
    columns=(
        columns.member(_member),
        columns.text("tier", "等级", lambda row: row.tier),
        columns.text(
            "ends",
            "有效期至",
            lambda row: row.last_day.isoformat() if row.last_day else None,
            look="num nowrap",
            sort="ends",
        ),
        columns.count("so_far", "期内成长值", lambda row: row.so_far),
        columns.count("missing", "保级还差", lambda row: row.missing or None),
        Column(key="then", head="按目前进度", cell=_then),
    ),
    filters=(
        Choice("tier", "等级", _tier_names, lambda code: TierStanding.tier_code == code, "全部等级"),
        Days("ends", "到期日", TierStanding.ends_at),
    ),
    sorts=(Sort("ends", "到期由近到远", Order(TierStanding.ends_at, TierStanding.member_id)),),
    link=lambda workspace, row: cells.member(workspace, row.member).href,
    noun="位",
    icon="member",
    nothing="没有即将到期的等级",
    hint="等级设有有效期时，有效期内的会员按到期日列在这里；到期前 15 天生成降级提醒。",
)


def _read_rising(workspace: Workspace, wanted: Wanted) -> Page[Rising]:
    now = clock.now()
    page = keyset.scalars(select(GrowthAccount).where(*wanted.where), wanted.order, wanted.asked)
    who, ids = members_of(row.member_id for row in page), [row.member_id for row in page]
    ladder = ladders.in_force(clock.business_date(now))
    codes = tiers.codes_of(ids, now=now)
    counting = growth.counted_of(ids, after=ladder.counts_after(now), until=now)
    return page.with_items([_rising(who[one], ladder, codes[one], counting.get(one, 0)) for one in ids])


def _rising(member: Member, ladder: Ladder, code: str, counting: int) -> Rising:
    above = ladder.above(code) or ladder.rung_of(code)
    missing = max(above.threshold - counting, 0)
    return Rising(member, ladder.rung_of(code).name, counting, above.name, missing)


_CODE = (
    select(TierStanding.tier_code)
    .where(TierStanding.member_id == GrowthAccount.member_id, TierStanding.replaced_at.is_(None))
    .scalar_subquery()
)


def _ladder() -> Ladder:
    return ladders.in_force(clock.business_date(clock.now()))


def _is_close() -> ColumnElement[bool]:
    """Whoever has most of what the rung above theirs asks for; nobody on the highest."""
    ladder = _ladder()
    floors = [(code, above.threshold * CLOSE_BPS // 10_000) for code, above in _steps(ladder)]
    lowest = floors[0][1]
    counting = growth.counting_of(GrowthAccount.member_id, after=ladder.counts_after(clock.now()))
    floor = case(
        (_CODE.is_(None), lowest), *((_CODE == one, at) for one, at in floors), else_=ladders.MOST_THRESHOLD * 10
    )
    return (GrowthAccount.growth >= lowest) & (counting >= floor)


def _steps(ladder: Ladder) -> list[tuple[str, Rung]]:
    return [(rung.code, above) for rung, above in zip(ladder.rungs, ladder.rungs[1:], strict=False)]


def _stands_on(code: str) -> ColumnElement[bool]:
    return func.coalesce(_CODE, _ladder().rungs[0].code) == code


def _names_below(_: Workspace) -> dict[str, str]:
    return {rung.code: rung.name for rung in _ladder().rungs[:-1]}


# What is missing to the rung above, by the ladder of the day on which the statement runs; nobody's code is no tier's.
_ABOVE = bindparam(
    "near_above",
    callable_=lambda: {_NOWHERE: _ladder().rungs[1].threshold} | {at: up.threshold for at, up in _steps(_ladder())},
    type_=JSONB(),
)
_SINCE = bindparam("near_since", callable_=lambda: _ladder().counts_after(clock.now()) or _EVER, type_=Moment())
_MISSING = func.greatest(
    func.coalesce(cast(_ABOVE[func.coalesce(_CODE, _NOWHERE)].astext, BigInteger), 0)
    - growth.counting_of(GrowthAccount.member_id, after=_SINCE),
    0,
    type_=BigInteger(),
)


RISING: Listing[Rising] = Listing(
    name="tiers_rising",
    title="临近升级名单",
    permission="tier.view",
    table=GrowthAccount,
    scope=lambda workspace: [_own(workspace, GrowthAccount.member_id), _is_close()],
    read=_read_rising,
    columns=(
        columns.member(_member),
        columns.text("tier", "等级", lambda row: row.tier),
        columns.count("counting", "可用于升级的成长值", lambda row: row.counting),
        columns.text("next", "下一等级", lambda row: row.next_tier),
        columns.count("missing", "还差", lambda row: row.missing, sort="missing"),
    ),
    filters=(Choice("tier", "等级", _names_below, _stands_on, "全部等级"),),
    sorts=(
        Sort("member", "按会员", Order(GrowthAccount.member_id)),
        Sort("missing", "还差由少到多", Order(_MISSING, GrowthAccount.member_id), is_short=True),
    ),
    link=lambda workspace, row: cells.member(workspace, row.member).href,
    noun="位",
    icon="member",
    nothing="暂时没有临近升级的会员",
    hint="成长值达到下一等级门槛八成的会员列在这里，可以邀请到店再消费一次。",
)


@blueprint.get("/falling")
@mall_required("tier.view")
def falling(workspace: Workspace) -> ResponseReturnValue:
    """Whose period ends next."""
    return views.page(FALLING, workspace, "tier_near")


@blueprint.get("/rising")
@mall_required("tier.view")
def rising(workspace: Workspace) -> ResponseReturnValue:
    """Who is close to the next tier."""
    return views.page(RISING, workspace, "tier_near")
