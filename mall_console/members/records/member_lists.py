"""What one member did in the mall, their coupons here, and how their growth came about."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, false, or_, true

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import counts
from app.benefits.coupons.models import Coupon
from app.benefits.coupons.queries import of_person
from app.identity import queries as identity
from app.identity.models import Member
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.tiers.growth import queries as tiers
from app.tiers.growth.models import GrowthEntry
from app.timeline import queries as timeline
from app.timeline.models import EventKind, TimelineEvent
from app.web.reasons import reason_of
from app.web.terms import last_day
from mall_console.benefits.held import coupons as coupon_pages
from mall_console.benefits.held import voids
from mall_console.benefits.held.voids import Void
from mall_console.benefits.lists import coupon_filters
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import About, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Days
from mall_console.kit.workspace import Workspace
from mall_console.members import seen
from mall_console.members.records import happenings, stage_moves
from mall_console.members.records.happenings import Happening

PHONE_TAIL = 4
_BOUGHT = (EventKind.PURCHASED, EventKind.REFUNDED)
_GROUPS = {
    "bought": _BOUGHT,
    "came": (EventKind.VISITED, EventKind.PARKING_PAID, EventKind.SCANNED),
    "coupons": (
        EventKind.COUPON_CLAIMED,
        EventKind.COUPON_GIVEN,
        EventKind.COUPON_REDEEMED,
        EventKind.REDEMPTION_REVERSED,
    ),
    "online": (
        EventKind.BROWSED,
        EventKind.TASK_DONE,
        EventKind.WECOM_ADDED,
        EventKind.GROUP_JOINED,
        EventKind.GROUP_LEFT,
    ),
    "told": (EventKind.MESSAGE_SENT,),
    "membership": (EventKind.JOINED, EventKind.LEFT),
}
_GROUP_WORDS = {
    "bought": "消费与退款",
    "came": "到店与停车",
    "coupons": "优惠券",
    "online": "线上互动",
    "told": "收到的消息",
    "membership": "入会",
}


def about(column: Any) -> Callable[[Workspace, str], About]:
    """Finds the member by their public id; `column` holds members' ids."""

    def find(workspace: Workspace, public_id: str) -> About:
        member = seen.get(workspace, public_id)
        name = f"尾号{member.phone_masked[-PHONE_TAIL:]}" if member.phone_masked else "无手机号"
        person_ids = identity.list_person_ids(member.id)
        theirs = of_person(member.id, person_ids) if column is Coupon.member_id else column.in_(person_ids)
        return About(member.public_id, member, name, [theirs])

    return find


def here(workspace: Workspace, mall_id: Any) -> ColumnElement[bool]:
    """Rows of this mall, and of no mall in particular."""
    return or_(mall_id == workspace.mall.id, mall_id.is_(None))


class Held(NamedTuple):
    """A coupon with its campaign, where it is void, why, and its member as addresses have them.

    `is_former`: it stands under a number that the member had before a merge.
    """

    coupon: Coupon
    campaign: Campaign
    void: Void | None
    owner: str
    is_former: bool


_DAY = Days("day", "日期", TimelineEvent.occurred_at)


def _read_timeline(workspace: Workspace, wanted: Wanted) -> Page[Happening]:
    member = wanted.thing(Member)
    page = timeline.list_events(*wanted.where, order=wanted.order, asked=wanted.asked)
    person_ids = identity.list_person_ids(member.id)
    events, is_rising = happenings.describe(person_ids, page.items), wanted.typed.get("sort") == "at"
    if any(wanted.typed.get(name) for name in ("group", "store")):
        return page.with_items(events)  # who asks for acts of a kind or a store wants nothing between them
    if wanted.asked.cursor and not page.items:
        return page.with_items(events)  # what stands behind the last act was on the page before
    span = _DAY.span(wanted.typed)
    moves = stage_moves.list_between(person_ids, page, wanted.where, span=span, is_rising=is_rising)
    return page.with_items(stage_moves.woven(events, moves, is_rising=is_rising))


def _at(workspace: Workspace, row: Happening) -> Cell:
    return cells.moment_or_day(row.at, is_day_only=row.is_day_only)


def _story(workspace: Workspace, row: Happening) -> Cell:
    return cells.text(row.story, small=row.receipt)


def _what(workspace: Workspace, row: Happening) -> Cell:
    return cells.text(row.what, small=row.about)


def _is_in(group: str) -> ColumnElement[bool]:
    return TimelineEvent.kind.in_([kind.value for kind in _GROUPS[group]])


def _points(workspace: Workspace, row: Happening) -> Cell:
    shown = cells.signed(row.points)
    return replace(shown, text=f"{shown.text} 积分") if row.points else cells.EMPTY


TIMELINE: Listing[Happening] = Listing(
    name="member_timeline",
    title="会员时间线",
    noun="次行为",
    permission="member.view",
    table=TimelineEvent,
    about=about(TimelineEvent.member_id),
    scope=lambda workspace: [here(workspace, TimelineEvent.mall_id)],
    read=_read_timeline,
    columns=(
        Column(key="at", head="时间", cell=_at, look="num nowrap", sort="at", is_fixed=True, show_head=False),
        Column(key="story", head="经过", cell=_story, look="wide", show_head=False),
        Column(key="what", head="行为", cell=_what, is_extra=True),
        columns.text("store", "门店", lambda row: row.store, is_extra=True),
        columns.text("sum", "金额", lambda row: row.sum_text, look="right num", is_extra=True),
        Column(key="points", head="积分", cell=_points, look="right num", show_head=False),
    ),
    filters=(
        _DAY,
        Choice("group", "类别", _GROUP_WORDS, _is_in, "全部类别"),
        narrowing.store(TimelineEvent.store_id),
    ),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", TimelineEvent.occurred_at, TimelineEvent.id),
    kept=("tab",),
    icon="member",
    nothing="还没有记录",
    hint="会员在本商场的扫码、消费、用券和停车都会出现在这里。",
)


def _read_coupons(workspace: Workspace, wanted: Wanted) -> Page[Held]:
    member = wanted.thing(Member)
    page = counts.list_coupons_of(*wanted.where, order=wanted.order, asked=wanted.asked)
    why = voids.of_coupons(member.id, [coupon for coupon, _ in page])
    return page.with_items(
        [
            Held(coupon, campaign, why.get(coupon.id), member.public_id, coupon.member_id != member.id)
            for coupon, campaign in page
        ]
    )


def _coupon(workspace: Workspace, row: Held) -> Cell:
    return cells.text(row.campaign.title, small=f"券码尾号 {row.coupon.code[-coupon_filters.TAIL :]}")


def _standing(workspace: Workspace, row: Held) -> Cell:
    words, tone = coupon_pages.state_of(row.coupon, now=clock.now())
    if row.void is None:
        return cells.tag(words, tone)
    told = (cells.moment(row.void.at).text, row.void.why, row.void.by)
    return cells.tag(words, tone, small=" ".join(part for part in told if part))


def _coupon_page(workspace: Workspace, row: Held) -> str:
    if not workspace.can(coupon_pages.PERMISSION) or row.is_former:
        return ""
    return f"{workspace.base}/members/{row.owner}/coupons/{row.coupon.id}"


COUPONS: Listing[Held] = Listing(
    name="member_coupons",
    title="会员优惠券",
    permission="member.view",
    table=Coupon,
    about=about(Coupon.member_id),
    scope=lambda workspace: [Coupon.mall_id == workspace.mall.id],
    read=_read_coupons,
    columns=(
        Column(key="coupon", head="优惠", cell=_coupon, look="main", is_fixed=True),
        columns.moment("issued", "领取", lambda row: row.coupon.issued_at, sort="issued"),
        columns.text("until", "有效期至", lambda row: last_day(row.coupon.valid_until), look="num nowrap"),
        columns.moment("redeemed", "核销", lambda row: row.coupon.redeemed_at),
        Column(key="state", head="状态", cell=_standing, look="wide"),
    ),
    filters=(
        coupon_filters.CODE,
        Days("day", "领取日期", Coupon.issued_at),
        coupon_filters.STATE,
        coupon_filters.campaign(Coupon.campaign_id),
    ),
    sorts=both_ways("issued", "领取从近到远", "领取从远到近", Coupon.id),
    link=_coupon_page,
    kept=("tab",),
    noun="张",
    icon="redeem",
    nothing="还没有优惠券",
    hint="会员领取或获赠的券会出现在这里。",
)


def _read_growth(workspace: Workspace, wanted: Wanted) -> Page[GrowthEntry]:
    return tiers.list_entries(*wanted.where, order=wanted.order, asked=wanted.asked)


GROWTH: Listing[GrowthEntry] = Listing(
    name="member_growth",
    title="会员成长值",
    permission="member.view",
    table=GrowthEntry,
    about=about(GrowthEntry.member_id),
    scope=lambda workspace: [true() if workspace.who.scope.mall_ids is None else false()],
    read=_read_growth,
    columns=(
        columns.moment("at", "时间", lambda row: row.occurred_at, sort="at", is_fixed=True),
        columns.text("reason", "说明", reason_of, look="wide"),
        columns.signed("growth", "成长值", lambda row: row.growth),
        columns.count("after", "变动后", lambda row: row.growth_after),
    ),
    filters=(Days("day", "日期", GrowthEntry.occurred_at),),
    sorts=both_ways("at", "时间从近到远", "时间从远到近", GrowthEntry.id),
    kept=("tab",),
    noun="笔",
    icon="points",
    nothing="还没有成长值变动",
    hint="会员消费后按等级规则累计成长值。",
)
