"""「权益到期提醒」: a coupon that nobody used is mentioned once, two days before its last day."""

from datetime import datetime, timedelta

from sqlalchemy import Interval, String, and_, cast, func, literal, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons.models import Coupon, CouponStatus
from app.kernel import clock
from app.kernel.db import db
from app.outreach.consents import templates
from app.outreach.consents.templates import Template
from app.outreach.messages import broker
from app.outreach.messages.broker import Content
from app.outreach.messages.message_kinds import COUPON_EXPIRING
from app.outreach.messages.models import OutreachMessage, Reason
from app.outreach.messages.rules import Wait

DAYS_AHEAD = 2
# Too late to be of use: nobody reaches the mall in less.
MARGIN = timedelta(hours=1)
# A payment that holds the coupon is over by then, one way or the other.
RESERVED_DELAY = timedelta(minutes=20)
PAGE = "pages/coupon/index?id={coupon_id}"


def plan_batch(*, now: datetime, limit: int) -> int:
    """Plan the reminders of coupons that expire two days from today; returns how many. Safe to run at any time.

    Also those that expire sooner and were missed, unless they were too short-lived ever to have had two days left.
    """
    key = literal(f"{COUPON_EXPIRING.code}:") + cast(Coupon.id, String)
    known = and_(OutreachMessage.member_id == Coupon.member_id, OutreachMessage.dedupe_key == key)
    last_day = clock.business_date(now) + timedelta(days=DAYS_AHEAD)
    expiring = (
        select(
            Coupon.member_id,
            Coupon.mall_id,
            key.label("dedupe_key"),
            func.jsonb_build_object("coupon_id", Coupon.id).label("facts"),
            (Coupon.valid_until - literal(MARGIN, Interval)).label("send_until"),
        )
        .outerjoin(OutreachMessage, known)
        .where(
            Coupon.status == CouponStatus.ISSUED.value,
            Coupon.valid_until > now + MARGIN,
            Coupon.valid_until <= clock.end_of_day(last_day),
            Coupon.issued_at < Coupon.valid_until - literal(timedelta(days=DAYS_AHEAD), Interval),
            OutreachMessage.id.is_(None),
        )
        .order_by(Coupon.valid_until, Coupon.member_id, Coupon.id)
        .limit(limit)
    )
    return broker.plan_selected(COUPON_EXPIRING, expiring, now=now)


def consider(message: OutreachMessage, *, now: datetime) -> Content | Wait:
    """What the reminder says now, or why it is not wanted any more."""
    coupon = db.session.execute(
        select(Coupon.status, Coupon.valid_until, Campaign.title)
        .join(Campaign, Campaign.id == Coupon.campaign_id)
        .where(Coupon.member_id == message.member_id, Coupon.id == message.facts["coupon_id"])
    ).one()
    refusal = _refusal(CouponStatus(coupon.status), now)
    if refusal is not None:
        return refusal
    return compose(message.facts["coupon_id"], title=coupon.title, valid_until=coupon.valid_until, now=now)


def _refusal(status: CouponStatus, now: datetime) -> Wait | None:
    if status is CouponStatus.REDEEMED:
        return Wait(Reason.COUPON_REDEEMED, None)
    if status is CouponStatus.VOID:
        return Wait(Reason.COUPON_VOID, None)
    if status is CouponStatus.RESERVED:
        return Wait(Reason.COUPON_RESERVED, now + RESERVED_DELAY)
    return None


def compose(coupon_id: int, *, title: str, valid_until: datetime, now: datetime) -> Content:
    """The reminder's text; `valid_until` is exclusive, so the last minute before it is shown."""
    last_minute = valid_until - timedelta(minutes=1)
    days = (clock.business_date(last_minute) - clock.business_date(now)).days
    hint = f"还有{days}天到期，记得来用" if days > 0 else "今天到期，记得来用"
    data = templates.data(Template.BENEFIT, templates.thing(title), templates.time(last_minute), templates.thing(hint))
    return Content(data=data, page=PAGE.format(coupon_id=coupon_id))
