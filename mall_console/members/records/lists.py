"""The lists on a member's page, one at a time, and who may see which."""

from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from flask import request

from app.care import queries as care_queries
from app.identity import queries as identity_queries
from app.parking.payment.models import ParkingPayment
from app.points.ledger.models import PointsEntry
from app.purchases.models import Purchase
from mall_console.kit.listing.listing import Listing
from mall_console.kit.workspace import Workspace
from mall_console.members.records import member_lists
from mall_console.members.records.member_lists import about, here
from mall_console.parking.listings import PAID
from mall_console.points.points import POINTS
from mall_console.purchases.listings import PURCHASES


def _of_member(listing: Listing[Any], name: str, title: str, column: Any, **other: Any) -> Listing[Any]:
    """A list of the mall's as a list of one member's rows."""
    columns = [one for one in listing.columns if one.key != "member"]
    return replace(listing, name=name, title=title, columns=columns, about=about(column), kept=("tab",), **other)


PURCHASES_OF = _of_member(
    PURCHASES, "member_purchases", "会员消费", Purchase.member_id, hint="会员在本商场消费后会出现在这里。"
)
PARKING_OF = _of_member(PAID, "member_parking", "会员停车缴费", ParkingPayment.member_id)
POINTS_OF = _of_member(
    POINTS,
    "member_points",
    "会员积分",
    PointsEntry.member_id,
    permission="member.view",
    scope=lambda workspace: [here(workspace, PointsEntry.mall_id)],
    link=None,
)


@dataclass(frozen=True, slots=True)
class Tab:
    """A list of a member's page; without `listing` it is short, and `part` is the template that shows it."""

    label: str
    listing: Listing[Any] | None
    part: str = ""
    is_groups: bool = False


TABS = {
    "timeline": Tab("时间线", member_lists.TIMELINE),
    "lifecycle": Tab("分层", None, "console/_member_lifecycle.html"),
    "tags": Tab("标签", None, "console/_member_tags.html"),
    "coupons": Tab("优惠券", member_lists.COUPONS),
    "points": Tab("积分", POINTS_OF),
    "purchases": Tab("消费", PURCHASES_OF),
    "parking": Tab("停车", PARKING_OF),
    "growth": Tab("成长值", member_lists.GROWTH, is_groups=True),
    "care": Tab("服务记录", None, "console/_member_care_acts.html"),
}
LISTINGS = tuple(tab.listing for tab in TABS.values() if tab.listing is not None)


def tabs_for(workspace: Workspace) -> dict[str, Tab]:
    """The lists that the person may see: growth is the group's, and its entries name stores of every mall."""
    is_group = workspace.who.scope.mall_ids is None
    return {
        key: tab
        for key, tab in TABS.items()
        if (is_group or not tab.is_groups) and (tab.listing is None or workspace.can(tab.listing.permission))
    }


def chosen(workspace: Workspace) -> str:
    """The list that is asked for; the timeline if none is."""
    tab = request.args.get("tab", "")
    return tab if tab in tabs_for(workspace) else "timeline"


def read_care(workspace: Workspace, member_id: int) -> list[tuple[Any, Any, Any]]:
    """What was given or corrected by hand, and noted, the latest first."""
    person_ids = identity_queries.list_person_ids(member_id)
    acts = care_queries.list_acts(person_ids, mall_id=workspace.mall.id)
    notes = care_queries.list_notes(person_ids, mall_id=workspace.mall.id)
    rows = [(act.done_at, act, None) for act in acts] + [(note.written_at, None, note) for note in notes]
    return sorted(rows, key=itemgetter(0), reverse=True)[: care_queries.SHOWN]
