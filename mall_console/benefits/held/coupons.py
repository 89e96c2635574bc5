"""One coupon: how it stands, what it gives, how it came to its member, where and by whom it was used."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access import staff_queries
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns import wording as campaign_wording
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import queries, redemption_queries
from app.benefits.coupons.models import Coupon, CouponStatus, Redemption
from app.benefits.grants import wording as grants_wording
from app.care import queries as care_queries
from app.care import wording as care_wording
from app.entrances import queries as entrances
from app.identity import queries as identity
from app.kernel import clock
from app.kernel.errors import NotFound
from app.malls.models import Store
from app.parking.payment import list_queries as parking_payments
from app.web import terms as words
from mall_console.benefits import terms
from mall_console.benefits.held import giving_back, voids
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("coupons", __name__, url_prefix="/members/<public_id>/coupons")

PERMISSION = "redemption.list"
STATES = {
    CouponStatus.ISSUED.value: ("未使用", "cool"),
    CouponStatus.RESERVED.value: ("付款中", "warn"),
    CouponStatus.REDEEMED.value: ("已核销", "good"),
    CouponStatus.VOID.value: ("已作废", "plain"),
}
EXPIRED = ("已过期", "plain")
_UNTOLD = ("直接发放", "")


class Step(NamedTuple):
    """Something that happened to a coupon: when, what, by whom, and the use that it was (None: none)."""

    at: datetime
    told: str
    by: str
    redemption: Redemption | None = None
    store: Store | None = None


def state_of(coupon: Coupon, *, now: datetime) -> tuple[str, str]:
    """How it stands, in words and tone: what was not used in time is over, whatever the row says."""
    is_over = coupon.status == CouponStatus.ISSUED.value and coupon.valid_until <= now
    return EXPIRED if is_over else STATES[coupon.status]


@blueprint.get("/<int:coupon_id>")
@mall_required(PERMISSION)
def coupon_page(workspace: Workspace, public_id: str, coupon_id: int) -> ResponseReturnValue:
    """A coupon of this mall."""
    member = identity.find_member_by_public_id(public_id)
    if member is None:
        raise NotFound(member=public_id)
    found = queries.list_with_campaigns([member.id], [coupon_id])
    if not found or found[0][0].mall_id != workspace.mall.id:
        raise NotFound(coupon=coupon_id)
    [(coupon, campaign)] = found
    now = clock.now()
    return render_template(
        "console/coupon.html",
        member=member,
        coupon=coupon,
        campaign=campaign,
        kind=campaign_wording.KINDS[campaign.kind],
        state=state_of(coupon, now=now),
        last_day=words.last_day(coupon.valid_until),
        is_over=state_of(coupon, now=now) == EXPIRED,
        rows=terms.of_coupon(campaign.kind, coupon),
        places=_places(campaign),
        entrance=_entrance(coupon),
        steps=[*_steps(coupon), *_void(coupon)],
        bought=giving_back.find_bought(coupon),
        back_form=giving_back.BackForm,
        payment_id=parking_payments.find_use_of_coupon(member.id, coupon_id) if coupon.parking_minutes else None,
    )


def _steps(coupon: Coupon) -> list[Step]:
    used = redemption_queries.list_of_coupon(coupon.member_id, coupon.id)
    people = {person for one, _ in used for person in (one.staff_id, one.reversed_by) if person is not None}
    return [_issued(coupon), *_uses(used, staff_queries.names_of(people))]


def _void(coupon: Coupon) -> list[Step]:
    void = voids.of_coupons(coupon.member_id, [coupon]).get(coupon.id)
    return [Step(void.at, f"作废：{void.why}", void.by)] if void else []


def _issued(coupon: Coupon) -> Step:
    gift = care_queries.find_gift(coupon.member_id, coupon.id)
    if gift is not None:
        return Step(coupon.issued_at, f"赠送：{care_wording.WHY[gift.reason]}", gift.staff_name)
    if coupon.paid_points:
        return Step(coupon.issued_at, f"积分兑换：{coupon.paid_points:,} 积分", "")
    return Step(coupon.issued_at, f"领取：{grants_wording.TRIGGERS.get(coupon.trigger, _UNTOLD)[0]}", "")


def _uses(used: Sequence[tuple[Redemption, Store]], names: dict[int, str]) -> list[Step]:
    steps: list[Step] = []
    for one, store in used:
        by = "停车缴费" if one.channel == "parking" else names.get(one.staff_id or 0, "")
        steps.append(Step(one.redeemed_at, "核销", by, one, store))
        if one.reversed_at is not None:
            steps.append(Step(one.reversed_at, "撤销核销", names.get(one.reversed_by or 0, "")))
    return steps


def _entrance(coupon: Coupon) -> str:
    return entrances.names_of([coupon.entrance_id]).get(coupon.entrance_id, "") if coupon.entrance_id else ""


def _places(campaign: Campaign) -> str:
    """Where it can be used."""
    if campaign.all_stores:
        return words.where(None)
    stores = campaign_queries.list_stores([campaign.id]).get(campaign.id, [])
    return "、".join(f"{store.floor} {store.name}" for store in stores)
