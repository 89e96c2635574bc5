"""What happens to a coupon: issued, bound to a plate, reserved, released, redeemed, reversed, voided."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, delete, func, insert, select, update

from app.benefits.campaigns import audience, revisions
from app.benefits.campaigns.errors import CampaignLimitReached, CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.campaigns.rules import State, state_on
from app.benefits.coupons import carrying, grant_history, queries, rules
from app.benefits.coupons.day_sums import ISSUED, REDEEMED
from app.benefits.coupons.errors import CouponNotFound, RedemptionAlreadyReversed, ReversalTooLate
from app.benefits.coupons.models import Coupon, CouponCode, CouponStatus, Redemption
from app.benefits.coupons.rules import CouponFacts
from app.benefits.stock.stock import take
from app.identity import queries as members
from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.fastpath import entities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.security import codes
from app.kernel.spelling.codes import COUPON_LENGTH


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionInput:
    """Where and by whom a coupon is used. `channel` is clerk or parking; amounts in fen."""

    mall_id: int
    merchant_id: int
    store_id: int
    staff_id: int | None
    channel: str
    spend_fen: int | None
    discount_fen: int
    mall_fen: int
    merchant_fen: int


_IDS = Prepared(
    select(func.nextval(func.pg_get_serial_sequence(Coupon.__tablename__, "id")).label("id")).select_from(
        func.generate_series(1, bindparam("count", type_=BigInteger))
    )
)
# A fresh coupon has yet to be redeemed, reserved or tied to a plate.
_WRITTEN = [name for name in table_of(Coupon).c.keys() if name not in {"plate", "redeemed_at", "reserved_for"}]
_WRITE = Prepared(insert(table_of(Coupon)).values({name: bindparam(name) for name in _WRITTEN}))
_NAME = Prepared(
    insert(table_of(CouponCode)).values({name: bindparam(name) for name in ("code", "member_id", "coupon_id")})
)


def issue(
    member_id: int,
    campaign: Campaign,
    *,
    grant_key: str,
    trigger: str,
    entrance_id: int | None,
    now: datetime,
) -> Coupon:
    """Give a locked member a coupon of the campaign, once per grant key.

    Raises CampaignNotAvailable, CampaignForOtherTiers, CampaignLimitReached, CampaignOutOfStock. The stock row is
    touched last.
    """
    existing = db.session.scalar(select(Coupon).where(Coupon.member_id == member_id, Coupon.grant_key == grant_key))
    if existing is not None:
        return existing
    before = grant_history.list_held(member_id, [campaign.id])
    if any(one.grant_key == grant_key for one in before):  # given to somebody who was merged into them, and used
        raise CampaignLimitReached
    audience.ensure_for(member_id, campaign, now=now)
    held = sum(one.status != CouponStatus.VOID.value for one in before)
    coupon = make(
        member_id, campaign, held=held, grant_key=grant_key, trigger=trigger, entrance_id=entrance_id, now=now
    )
    write([coupon])
    take(campaign.id, start_at=member_id)
    return coupon


def make(
    member_id: int,
    campaign: Campaign,
    *,
    held: int,
    grant_key: str,
    trigger: str,
    entrance_id: int | None,
    now: datetime,
) -> Coupon:
    """A coupon of the campaign as it stands now, yet to be written, for a locked member who holds `held` of them.

    Raises CampaignNotAvailable, CampaignLimitReached.
    """
    campaign = revisions.as_of(campaign, now)
    if held >= campaign.per_member_limit:
        raise CampaignLimitReached
    valid_from, valid_until = rules.validity(campaign, now=now)
    if state_on(campaign, clock.business_date(now)) is not State.RUNNING or valid_until <= now:
        raise CampaignNotAvailable
    return Coupon(
        member_id=member_id,
        campaign_id=campaign.id,
        mall_id=campaign.mall_id,
        code=codes.new_code(COUPON_LENGTH),
        status=CouponStatus.ISSUED.value,
        trigger=trigger,
        grant_key=grant_key,
        entrance_id=entrance_id,
        face_fen=campaign.face_fen,
        parking_minutes=campaign.parking_minutes,
        discount_bps=campaign.discount_bps,
        min_spend_fen=campaign.min_spend_fen,
        mall_share_bps=campaign.mall_share_bps,
        merchant_share_bps=campaign.merchant_share_bps,
        paid_points=0,
        issued_at=now,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def write(coupons: Sequence[Coupon]) -> None:
    """Write coupons and their codes, with what else waits for the commit."""
    for coupon, row in zip(coupons, _IDS.all(count=len(coupons)), strict=True):
        coupon.id = row.id
        _WRITE.later({name: getattr(coupon, name) for name in _WRITTEN})
        _NAME.later({"code": coupon.code, "member_id": coupon.member_id, "coupon_id": coupon.id})
        _note_issued(coupon)
        entities.adopt(coupon)


def _note_issued(coupon: Coupon) -> None:
    marks.note(ISSUED, coupon.mall_id, clock.business_date(coupon.issued_at))


def _note_redeemed(mall_id: int, redeemed_at: datetime) -> None:
    marks.note(REDEEMED, mall_id, clock.business_date(redeemed_at))


def reserve(member_id: int, coupon_ids: Sequence[int], *, purpose: str, now: datetime) -> Sequence[Coupon]:
    """Hold usable coupons of the member for one purpose; raises CouponNotFound unless every one was free."""
    return _move(
        member_id,
        coupon_ids,
        CouponStatus.ISSUED,
        {"status": CouponStatus.RESERVED.value, "reserved_for": purpose},
        Coupon.valid_from <= now,
        Coupon.valid_until > now,
    )


def release(member_id: int, *, purpose: str) -> int:
    """Let go of what was reserved for a purpose; returns how many coupons are free again."""
    freed = db.session.execute(
        update(Coupon)
        .where(
            Coupon.member_id == member_id,
            Coupon.status == CouponStatus.RESERVED.value,
            Coupon.reserved_for == purpose,
        )
        .values(status=CouponStatus.ISSUED.value, reserved_for=None)
        .returning(Coupon.id)
    ).all()
    return len(freed)


def set_aside(coupon: Coupon, *, purpose: str) -> None:
    """Hold a coupon that was just written for one purpose, also one that is valid later on."""
    own = (Coupon.member_id == coupon.member_id, Coupon.id == coupon.id, Coupon.status == CouponStatus.ISSUED.value)
    held = {"status": CouponStatus.RESERVED.value, "reserved_for": purpose}
    db.session.execute(update(Coupon).where(*own).values(held).execution_options(synchronize_session=False))
    db.session.expire(coupon)


def take_out(coupon: Coupon, *, purpose: str) -> None:
    """Let a coupon that was held from the beginning never have been: its purpose came to nothing."""
    if (coupon.status, coupon.reserved_for) != (CouponStatus.RESERVED.value, purpose):
        raise ValueError("only what was never the member's can be taken out")
    mall_id, day = coupon.mall_id, clock.business_date(coupon.issued_at)
    db.session.execute(delete(CouponCode).where(CouponCode.code == coupon.code))
    db.session.delete(coupon)
    db.session.flush()
    marks.note(ISSUED, mall_id, day)


def _move(
    member_id: int, coupon_ids: Sequence[int], before: CouponStatus, values: dict[str, object], *conditions: object
) -> Sequence[Coupon]:
    coupons = queries.lock_coupons(member_id, coupon_ids)
    moved = db.session.execute(
        update(Coupon)
        .where(
            Coupon.member_id == member_id,
            Coupon.id.in_([coupon.id for coupon in coupons]),
            Coupon.status == before.value,
            *conditions,  # type: ignore[arg-type]
        )
        .values(**values)
        .returning(Coupon.id)
    ).all()
    if len(moved) != len(coupons):
        raise CouponNotFound
    return coupons


_COUPONS, _REDEMPTIONS = table_of(Coupon), table_of(Redemption)
_WON = (
    update(_COUPONS)
    .where(
        _COUPONS.c.member_id == bindparam("member_id"),
        _COUPONS.c.id == bindparam("coupon_id"),
        _COUPONS.c.status == bindparam("status_before"),
        _COUPONS.c.reserved_for.is_not_distinct_from(bindparam("purpose", type_=Text)),
    )
    .values(status=CouponStatus.REDEEMED.value, redeemed_at=bindparam("redeemed_at"), reserved_for=None)
    .returning(_COUPONS.c.id)
    .cte("won")
)
_USED = [column for column in _REDEMPTIONS.c if column.name not in {"id", "reversed_at", "reversed_by"}]
# Only the update that changed the coupon's row feeds the insert; a part of larger statements, too.
REDEEM = (
    insert(_REDEMPTIONS)
    .from_select(
        [column.name for column in _USED],
        select(*(bindparam(column.name, type_=column.type) for column in _USED)).select_from(_WON),
    )
    .returning(_REDEMPTIONS.c.public_id)
)
_REDEEM = Prepared(REDEEM)
_USE_FACTS = [fact.name for fact in fields(RedemptionInput)]


def redeem(facts: CouponFacts, use: RedemptionInput, *, now: datetime, reserved_for: str | None = None) -> str | None:
    """Use a coupon: one conditional update decides, so of any number at once exactly one wins.

    Returns the redemption's public id, or None when the coupon was no longer free (or not reserved for this purpose).
    """
    used = _REDEEM.first(**redemption_row(facts, use, now=now, reserved_for=reserved_for))
    if used:
        _note_redeemed(use.mall_id, now)
    return used.public_id if used else None


def redemption_row(
    facts: CouponFacts, use: RedemptionInput, *, now: datetime, reserved_for: str | None = None
) -> dict[str, Any]:
    """The values of `REDEEM`, with a fresh public id."""
    before = CouponStatus.ISSUED if reserved_for is None else CouponStatus.RESERVED
    return {
        "status_before": before.value,
        "purpose": reserved_for,
        "redeemed_at": now,
        "public_id": codes.new_public_id(),
        "member_id": facts.member_id,
        "coupon_id": facts.coupon_id,
        "campaign_id": facts.campaign_id,
        **{name: getattr(use, name) for name in _USE_FACTS},
    }


def reverse(public_id: str, *, store_id: int, staff_id: int | None, now: datetime) -> Redemption:
    """Undo a store's redemption within the window: the coupon is free again, or void when its member has left.

    Who was merged has it as whom they became. Raises RedemptionNotFound, ReversalTooLate, RedemptionAlreadyReversed.
    """
    seen = queries.get_redemption(public_id, store_id=store_id)
    member = members.lock_member(seen.member_id)
    (coupon,) = queries.lock_coupons(seen.member_id, [seen.coupon_id])
    redemption = queries.lock_redemption(seen)
    if redemption.reversed_at is not None:
        raise RedemptionAlreadyReversed
    if now - redemption.redeemed_at > rules.REVERSAL_WINDOW:
        raise ReversalTooLate
    redemption.reversed_at, redemption.reversed_by = now, staff_id
    is_theirs = member.id == coupon.member_id and not members.has_left(member)
    coupon.status, coupon.redeemed_at = (CouponStatus.ISSUED if is_theirs else CouponStatus.VOID).value, None
    db.session.flush()
    _note_redeemed(redemption.mall_id, redemption.redeemed_at)
    _note_issued(coupon)  # it may be void now, and another one in its place
    if not is_theirs and not members.has_left(member):
        carrying.hand_on(coupon, member.id)
    return redemption
