"""Coupons by the thousand: what `coupons` does one by one, in a few statements; for imports."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, ColumnElement, bindparam, func, select

from app.benefits.campaigns.models import Campaign, CampaignKind, CampaignStore
from app.benefits.coupons.coupons import RedemptionInput
from app.benefits.coupons.day_sums import ISSUED, REDEEMED
from app.benefits.coupons.models import Coupon, CouponCode, CouponStatus, Redemption
from app.benefits.coupons.rules import CouponFacts
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.fastpath.copies import copy_in, next_ids

_COUPON = [name for name in table_of(Coupon).c.keys() if name not in {"plate", "reserved_for"}]
_USE = list(RedemptionInput.__dataclass_fields__)


class Used(NamedTuple):
    """The one use of a coupon that was never reserved."""

    public_id: str
    facts: CouponFacts
    use: RedemptionInput
    redeemed_at: datetime


def list_granted(member_ids: Collection[int]) -> set[tuple[int, str]]:
    """What the members were given so far: each with the grant's key."""
    rows = db.session.execute(select(Coupon.member_id, Coupon.grant_key).where(_of(member_ids)))
    return {(row.member_id, row.grant_key) for row in rows}


def count_held(member_ids: Collection[int]) -> Counter[tuple[int, int]]:
    """How many coupons of each campaign each of the members got, void ones left out."""
    rows = db.session.execute(
        select(Coupon.member_id, Coupon.campaign_id, func.count())
        .where(_of(member_ids), Coupon.status != CouponStatus.VOID.value)
        .group_by(Coupon.member_id, Coupon.campaign_id)
    )
    return Counter({(member_id, campaign_id): count for member_id, campaign_id, count in rows})


def _of(member_ids: Collection[int]) -> ColumnElement[bool]:
    return Coupon.member_id == func.any(bindparam("ids", list(member_ids), type_=ARRAY(BigInteger())))


def list_places(campaign_ids: Collection[int]) -> set[tuple[int, int]]:
    """The stores that campaigns name, as (campaign, store); those that hold everywhere in their mall name none."""
    rows = db.session.execute(
        select(CampaignStore.campaign_id, CampaignStore.store_id).where(CampaignStore.campaign_id.in_(campaign_ids))
    )
    return {(row.campaign_id, row.store_id) for row in rows}


def new_ids(count: int) -> list[int]:
    """So many ids of coupons, ascending."""
    return next_ids(Coupon, count)


def facts_of(coupon: Coupon, campaign: Campaign, *, for_this_store: bool) -> CouponFacts:
    """What a till would read of a coupon that was made and is yet to be written."""
    return CouponFacts(
        member_id=coupon.member_id,
        coupon_id=coupon.id,
        code=coupon.code,
        campaign_id=campaign.id,
        campaign_title=campaign.title,
        campaign_summary=campaign.summary,
        kind=CampaignKind(campaign.kind),
        mall_id=coupon.mall_id,
        status=CouponStatus(coupon.status),
        face_fen=coupon.face_fen,
        discount_bps=coupon.discount_bps,
        parking_minutes=coupon.parking_minutes,
        min_spend_fen=coupon.min_spend_fen,
        mall_share_bps=coupon.mall_share_bps,
        merchant_share_bps=coupon.merchant_share_bps,
        valid_from=coupon.valid_from,
        valid_until=coupon.valid_until,
        redeemed_at=None,
        for_this_store=for_this_store,
    )


def write(coupons: Sequence[Coupon], used: Sequence[Used]) -> None:
    """Write coupons with their codes, and the uses of some of them."""
    moments = {one.facts.coupon_id: one.redeemed_at for one in used}
    for coupon in coupons:
        coupon.redeemed_at = moments.get(coupon.id)
        coupon.status = (CouponStatus.ISSUED if coupon.redeemed_at is None else CouponStatus.REDEEMED).value
    copy_in(Coupon, _COUPON, ([getattr(coupon, name) for name in _COUPON] for coupon in coupons))
    names = sorted((coupon.code, coupon.member_id, coupon.id) for coupon in coupons)
    copy_in(CouponCode, ("code", "member_id", "coupon_id"), names)
    _write_uses(used)
    marks.note_all(ISSUED, ((coupon.mall_id, clock.business_date(coupon.issued_at)) for coupon in coupons))
    marks.note_all(REDEEMED, ((one.use.mall_id, clock.business_date(one.redeemed_at)) for one in used))


def _write_uses(used: Sequence[Used]) -> None:
    columns = ("member_id", "coupon_id", "campaign_id", "public_id", "redeemed_at", *_USE)
    rows = (
        (
            one.facts.member_id,
            one.facts.coupon_id,
            one.facts.campaign_id,
            one.public_id,
            one.redeemed_at,
            *(getattr(one.use, name) for name in _USE),
        )
        for one in used
    )
    copy_in(Redemption, columns, rows)
