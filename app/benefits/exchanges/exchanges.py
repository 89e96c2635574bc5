"""An exchange's row and its coupon: begun, done, released, given back. The caller holds the member's lock."""

from datetime import datetime, timedelta

from app.benefits.campaigns import audience
from app.benefits.campaigns.errors import CampaignNotAvailable
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons, grant_history, voiding
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.exchanges import facts
from app.benefits.exchanges.errors import ExchangeCouponUsed, ExchangeNotDone, ExchangePriceChanged
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.benefits.stock import stock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.security import codes

# What coupons of exchanges say of where they came from.
TRIGGER = "exchange"
# What orders for the cash are for; their reference is the exchange's public id.
PURPOSE = "exchange"
# How long an exchange that waits for cash holds points and coupon.
CASH_PATIENCE = timedelta(minutes=10)


def fact_of(exchange: CouponExchange) -> Fact:
    """What points and coupon are held for."""
    return facts.exchange(exchange.public_id)


def ensure_price(campaign: Campaign, *, points: int, cash_fen: int) -> None:
    """Whether the campaign asks what the member agreed to.

    Raises CampaignNotAvailable for one that is not to be had for points, ExchangePriceChanged (facts points, cash_fen).
    """
    if campaign.exchange_points is None:
        raise CampaignNotAvailable
    if (points, cash_fen) != (campaign.exchange_points, campaign.exchange_fen):
        raise ExchangePriceChanged(points=campaign.exchange_points, cash_fen=campaign.exchange_fen)


def begin(member_id: int, campaign: Campaign, *, points: int, cash_fen: int, now: datetime) -> CouponExchange:
    """Write an exchange of a campaign, as it stands now, with its coupon, reserved for it; the stock comes last.

    Raises CampaignForOtherTiers, CampaignLimitReached, and CampaignNotAvailable, also when the coupon would be over
    before the cash must come.
    """
    audience.ensure_for(member_id, campaign, now=now)
    public_id = codes.new_public_id()
    fact, close_after = facts.exchange(public_id), now + CASH_PATIENCE
    before = grant_history.list_held(member_id, [campaign.id])
    held = sum(one.status != CouponStatus.VOID.value for one in before)
    coupon = coupons.make(
        member_id, campaign, held=held, grant_key=str(fact), trigger=TRIGGER, entrance_id=None, now=now
    )
    if coupon.valid_until <= close_after:
        raise CampaignNotAvailable
    coupon.paid_points = points
    coupons.write([coupon])
    coupons.set_aside(coupon, purpose=fact)
    exchange = CouponExchange(
        member_id=member_id,
        public_id=public_id,
        mall_id=campaign.mall_id,
        campaign_id=campaign.id,
        coupon_id=coupon.id,
        points=points,
        cash_fen=cash_fen,
        status=ExchangeStatus.AWAITING_CASH.value,
        created_at=now,
        close_after=close_after,
    )
    db.session.add(exchange)
    db.session.flush()
    return exchange


def take_stock(exchange: CouponExchange) -> None:
    """Take the coupon out of the campaign's stock, after every other lock. Raises CampaignOutOfStock."""
    stock.take(exchange.campaign_id, start_at=exchange.member_id)


def finish(exchange: CouponExchange, *, now: datetime) -> None:
    """The price is paid: the coupon is the member's. Raises ValueError when the exchange does not wait any more."""
    _ensure_waits(exchange)
    if coupons.release(exchange.member_id, purpose=fact_of(exchange)) != 1:
        raise AssertionError("a waiting exchange holds its coupon")
    exchange.status, exchange.done_at = ExchangeStatus.DONE.value, now
    db.session.flush()


def release(exchange: CouponExchange, *, now: datetime) -> None:
    """Give the exchange up: its coupon was never the member's, and is in stock again, last of all.

    Raises ValueError when it does not wait any more.
    """
    _ensure_waits(exchange)
    coupon = db.session.get_one(Coupon, (exchange.member_id, exchange.coupon_id))
    exchange.status, exchange.released_at, exchange.coupon_id = ExchangeStatus.RELEASED.value, now, None
    db.session.flush()
    coupons.take_out(coupon, purpose=fact_of(exchange))
    stock.put_back(exchange.campaign_id, start_at=exchange.member_id)


def give_back(exchange: CouponExchange, *, now: datetime) -> None:
    """Void the coupon of a locked exchange, if nobody has used it.

    Raises ExchangeNotDone and ExchangeCouponUsed.
    """
    if exchange.status != ExchangeStatus.DONE.value or exchange.coupon_id is None:
        raise ExchangeNotDone(status=exchange.status)
    if not voiding.void_unused(exchange.member_id, exchange.coupon_id, now=now):
        raise ExchangeCouponUsed
    exchange.status, exchange.refunded_at = ExchangeStatus.REFUNDED.value, now
    db.session.flush()


def put_back(exchange: CouponExchange) -> None:
    """The coupon of an exchange that was given back is in stock again, after every other lock."""
    stock.put_back(exchange.campaign_id, start_at=exchange.member_id)


def _ensure_waits(exchange: CouponExchange) -> None:
    if exchange.status != ExchangeStatus.AWAITING_CASH.value:
        raise ValueError(f"an exchange that is {exchange.status} waits for nothing")
