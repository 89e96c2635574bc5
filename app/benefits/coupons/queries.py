"""Reading coupons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)

from app.benefits.campaigns.models import Campaign, CampaignKind, CampaignStore
from app.benefits.coupons.errors import CouponNotFound, RedemptionNotFound
from app.benefits.coupons.models import HANDED_BACK, Coupon, CouponCode, CouponStatus, Redemption
from app.benefits.coupons.rules import CouponFacts
from app.kernel.db import Moment, db
from app.kernel.errors import NotFound
from app.kernel.fastpath.prepared import Prepared
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Store

ORDER = Order(Coupon.id.desc())


def of_person(member_id: int, person_ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a coupon is the member's, or was used or is over under a number they had before a merge.

    The void ones of such a number have gone along: the member has one like it. What went back to somebody who was
    told apart from the member is no more theirs.
    """
    before = and_(Coupon.member_id.in_(person_ids), Coupon.status != CouponStatus.VOID.value)
    own = and_(Coupon.member_id == member_id, Coupon.grant_key.not_like(f"{HANDED_BACK}%"))
    return or_(own, before)


_here = bindparam("store_id", type_=BigInteger)
# The columns of CouponFacts, seen from a store; built once, because tills ask it all day.
_FACTS = (
    select(
        Coupon.member_id,
        Coupon.id.label("coupon_id"),
        Coupon.code,
        Coupon.campaign_id,
        Campaign.title.label("campaign_title"),
        Campaign.summary.label("campaign_summary"),
        Campaign.kind,
        Coupon.mall_id,
        Coupon.status,
        Coupon.face_fen,
        Coupon.discount_bps,
        Coupon.parking_minutes,
        Coupon.min_spend_fen,
        Coupon.mall_share_bps,
        Coupon.merchant_share_bps,
        Coupon.valid_from,
        Coupon.valid_until,
        Coupon.redeemed_at,
        Coupon.paid_points,
        or_(and_(Campaign.all_stores, Store.mall_id == Coupon.mall_id), CampaignStore.store_id.is_not(None)).label(
            "for_this_store"
        ),
    )
    .join(Campaign, Campaign.id == Coupon.campaign_id)
    .outerjoin(CampaignStore, and_(CampaignStore.campaign_id == Campaign.id, CampaignStore.store_id == _here))
    .outerjoin(Store, Store.id == _here)
)
# Not by a join: on a distributed database codes stand elsewhere than coupons, and are then looked up first.
_BEARER = select(CouponCode.member_id, CouponCode.coupon_id).where(CouponCode.code == bindparam("code"))
_FACTS_BY_CODE = Prepared(_FACTS.where(tuple_(Coupon.member_id, Coupon.id).in_(_BEARER)), alone=True)


def _facts(row: Row[Any]) -> CouponFacts:
    values = row._asdict()
    values["kind"] = CampaignKind(values["kind"])
    values["status"] = CouponStatus(values["status"])
    values["for_this_store"] = bool(values["for_this_store"])
    return CouponFacts(**values)


def find_by_code(code: str) -> tuple[int, int] | None:
    """Whose coupon bears the code, as (member's id, coupon's id)."""
    found = db.session.execute(_BEARER, {"code": code}).first()
    return None if found is None else (found[0], found[1])


def get_by_code(code: str, *, store_id: int) -> CouponFacts:
    """The coupon with this code, seen from a store; raises CouponNotFound."""
    row = _FACTS_BY_CODE.first(code=code, store_id=store_id)
    if row is None:
        raise CouponNotFound
    return _facts(row)


def list_usable_in_store(member_id: int, *, store_id: int, now: datetime) -> list[CouponFacts]:
    """The member's coupons a store could take now, the first to expire first."""
    rows = db.session.execute(
        _FACTS.where(
            Coupon.member_id == member_id,
            Coupon.status == CouponStatus.ISSUED.value,
            Coupon.valid_from <= now,
            Coupon.valid_until > now,
        ).order_by(Coupon.valid_until, Coupon.id),
        {"store_id": store_id},
    )
    return [facts for facts in map(_facts, rows) if facts.for_this_store and facts.kind is not CampaignKind.PARKING]


def list_usable_campaigns(member_id: int, *, now: datetime) -> set[int]:
    """The campaigns of which the member holds a coupon that can be used now."""
    usable = (
        Coupon.member_id == member_id,
        Coupon.status == CouponStatus.ISSUED.value,
        Coupon.valid_from <= now,
        Coupon.valid_until > now,
    )
    return set(db.session.scalars(select(Coupon.campaign_id).where(*usable)))


def lock_coupons(member_id: int, coupon_ids: Sequence[int]) -> Sequence[Coupon]:
    """This member's coupons FOR UPDATE by ascending id; raises NotFound when one is missing."""
    coupons = db.session.scalars(
        select(Coupon)
        .where(Coupon.member_id == member_id, Coupon.id.in_(coupon_ids))
        .order_by(Coupon.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(coupons) != len(set(coupon_ids)):
        raise NotFound(coupon_ids=list(coupon_ids))
    return coupons


def get_redemption(public_id: str, *, store_id: int) -> Redemption:
    """A store's redemption at a till; raises RedemptionNotFound, also for parking's, which no till can undo."""
    redemption = db.session.scalar(
        select(Redemption).where(
            Redemption.public_id == public_id, Redemption.store_id == store_id, Redemption.channel != "parking"
        )
    )
    if redemption is None:
        raise RedemptionNotFound
    return redemption


def lock_redemption(seen: Redemption) -> Redemption:
    """The redemption FOR UPDATE as it is now; its coupon is locked before."""
    return db.session.scalars(
        select(Redemption)
        .where(Redemption.member_id == seen.member_id, Redemption.id == seen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def list_usable_parking(member_id: int, *, mall_id: int, plate: str, now: datetime) -> Sequence[Coupon]:
    """Parking coupons the member could use now for a plate in a mall, the first to expire first."""
    return db.session.scalars(
        select(Coupon)
        .where(
            Coupon.member_id == member_id,
            Coupon.mall_id == mall_id,
            Coupon.status == CouponStatus.ISSUED.value,
            Coupon.parking_minutes > 0,
            Coupon.valid_from <= now,
            Coupon.valid_until > now,
            or_(Coupon.plate.is_(None), Coupon.plate == plate),
        )
        .order_by(Coupon.valid_until, Coupon.id)
    ).all()


def list_reserved(member_id: int, *, purpose: str) -> list[CouponFacts]:
    """The member's coupons held for a purpose, by ascending id."""
    rows = db.session.execute(
        _FACTS.where(
            Coupon.member_id == member_id,
            Coupon.status == CouponStatus.RESERVED.value,
            Coupon.reserved_for == purpose,
        ).order_by(Coupon.id),
        {"store_id": None},
    )
    return [_facts(row) for row in rows]


def list_coupons(
    member_id: int, person_ids: Sequence[int], *, status: str, now: datetime, asked: Asked = FIRST
) -> Page[tuple[Coupon, Campaign]]:
    """A page of a member's coupons, under all their numbers, with their campaigns, the newest first.

    Status is usable, used or expired.
    """
    is_issued = Coupon.status.in_([CouponStatus.ISSUED.value, CouponStatus.RESERVED.value])
    conditions = {
        "usable": and_(is_issued, Coupon.valid_until > now),
        "used": Coupon.status == CouponStatus.REDEEMED.value,
        "expired": or_(Coupon.status == CouponStatus.VOID.value, and_(is_issued, Coupon.valid_until <= now)),
    }
    # What waits for the cash of its exchange is not the member's yet.
    is_theirs = or_(Coupon.reserved_for.is_(None), Coupon.reserved_for != Coupon.grant_key)
    query = (
        select(Coupon, Campaign)
        .join(Campaign, Campaign.id == Coupon.campaign_id)
        .where(of_person(member_id, person_ids), conditions[status], is_theirs)
    )
    return keyset.rows(query, ORDER, asked)


def list_with_campaigns(person_ids: Sequence[int], coupon_ids: Sequence[int]) -> list[tuple[Coupon, Campaign]]:
    """Those of the member's coupons that bear these ids, with their campaigns."""
    rows = db.session.execute(
        select(Coupon, Campaign)
        .join(Campaign, Campaign.id == Coupon.campaign_id)
        .where(Coupon.member_id.in_(person_ids), Coupon.id.in_(coupon_ids))
        .order_by(Coupon.id)
    )
    return [(coupon, campaign) for coupon, campaign in rows]


_COUNT_USABLE = select(func.count()).where(
    Coupon.member_id == bindparam("member_id"),
    Coupon.status == CouponStatus.ISSUED.value,
    Coupon.valid_until > bindparam("now", type_=Moment),
)
# How many coupons a member could use, within another statement by its parameters `member_id` and `now`.
USABLE = _COUNT_USABLE.scalar_subquery()


def get_coupon(member_id: int, coupon_id: int) -> Coupon:
    """The member's coupon; raises NotFound."""
    coupon = db.session.get(Coupon, (member_id, coupon_id))
    if coupon is None:
        raise NotFound(coupon_id=coupon_id)
    return coupon


def count_all_reserved(member_id: int) -> int:
    """How many of the member's coupons are held by a payment in progress."""
    return (
        db.session.scalar(
            select(func.count()).where(Coupon.member_id == member_id, Coupon.status == CouponStatus.RESERVED.value)
        )
        or 0
    )


def count_usable(member_id: int, *, now: datetime) -> int:
    """How many coupons the member could use now."""
    return db.session.scalar(_COUNT_USABLE, {"member_id": member_id, "now": now}) or 0
