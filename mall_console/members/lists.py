"""The lists on a member's page, one at a time: timeline, coupons, points, growth."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, or_

from app.benefits.coupons import counts
from app.benefits.coupons.models import Coupon, CouponStatus
from app.care import queries as care_queries
from app.care import wording as care_wording
from app.identity import queries as identity_queries
from app.kernel import clock
from app.kernel.lists.keyset import Page
from app.points.ledger import entry_queries
from app.points.ledger.models import PointsEntry
from app.tiers import queries as tiers
from app.timeline import queries as timeline
from app.timeline.models import TimelineEvent
from app.timeline.wording import EVENTS
from mall_console.kit import paging
from mall_console.kit.workspace import Workspace
from mall_console.members import happenings

TABS = {"timeline": "时间线", "coupons": "优惠券", "points": "积分", "growth": "成长值", "care": "服务记录"}
COUPONS = {
    CouponStatus.ISSUED.value: ("未使用", "cool"),
    CouponStatus.RESERVED.value: ("付款中", "warn"),
    CouponStatus.REDEEMED.value: ("已核销", "good"),
    CouponStatus.VOID.value: ("已作废", "plain"),
}
WORDS = {"events": EVENTS, "coupon_statuses": COUPONS, "why": care_wording.WHY}


def tabs_for(workspace: Workspace) -> dict[str, str]:
    """The lists the person may see: growth is the group's, and its entries name stores of every mall."""
    return TABS if workspace.who.scope.mall_ids is None else {key: TABS[key] for key in TABS if key != "growth"}


def read(workspace: Workspace, member_id: int) -> tuple[str, Page[Any]]:
    """The asked list (the timeline by default) and a page of it."""
    tab = request.args.get("tab", "")
    tab = tab if tab in tabs_for(workspace) else "timeline"
    return tab, _LISTS[tab](workspace, member_id)


def _here(workspace: Workspace, mall_id: Any) -> ColumnElement[bool]:
    """Rows of this mall, and of no mall in particular."""
    return or_(mall_id == workspace.mall.id, mall_id.is_(None))


def _timeline(workspace: Workspace, member_id: int) -> Page[Any]:
    page = timeline.list_events(member_id, _here(workspace, TimelineEvent.mall_id), asked=paging.asked())
    return page.with_items(happenings.describe(member_id, page.items))


def _coupons(workspace: Workspace, member_id: int) -> Page[Any]:
    now = clock.now()
    page = counts.list_coupons_of(member_id, Coupon.mall_id == workspace.mall.id, asked=paging.asked())
    return page.with_items([(coupon, campaign, coupon.valid_until <= now) for coupon, campaign in page])


def _points(workspace: Workspace, member_id: int) -> Page[Any]:
    here = _here(workspace, PointsEntry.mall_id)
    return entry_queries.list_entries_of_mall(PointsEntry.member_id == member_id, here, asked=paging.asked())


def _care(workspace: Workspace, member_id: int) -> Page[Any]:
    """What was given or corrected by hand, and noted, the latest first."""
    person_ids = identity_queries.list_person_ids(member_id)
    acts = care_queries.list_acts(person_ids, mall_id=workspace.mall.id)
    notes = care_queries.list_notes(person_ids, mall_id=workspace.mall.id)
    rows = [(act.done_at, act, None) for act in acts] + [(note.written_at, None, note) for note in notes]
    return Page(sorted(rows, key=itemgetter(0), reverse=True)[: care_queries.SHOWN], None, None)


def _growth(workspace: Workspace, member_id: int) -> Page[Any]:
    return tiers.list_entries(member_id, paging.asked())


_LISTS: dict[str, Callable[[Workspace, int], Page[Any]]] = {
    "timeline": _timeline,
    "coupons": _coupons,
    "points": _points,
    "growth": _growth,
    "care": _care,
}
