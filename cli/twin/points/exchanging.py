"""Coupons that a few of the twin's members take for points after their last purchase, by the ordinary act."""

from datetime import date, datetime, timedelta

from app.benefits.exchanges import queries
from app.flows.points import exchanges
from app.flows.points.exchanges import ExchangeChoice
from app.flows.purchases import Effects
from app.kernel import clock
from app.points.ledger import queries as points
from cli.twin.lives import Life
from cli.twin.people import World
from cli.twin.points import parking
from cli.twin.stage import Cast, Stage

_SHARE = 0.05  # of those who bought lately
_LATELY = 45  # days
_LATER = timedelta(hours=2)


def exchange(cast: Cast, world: World, stage: Stage, effects: Effects, *, end: datetime) -> int:
    """Returns how many coupons that were; none where nothing earns points, or nothing is to be had for them alone."""
    if effects is Effects.NONE:
        return 0
    done = 0
    for member_id, one, life in cast.each():
        at = _moment(life, world.last)
        if parking.find_paid(world, one, life, effects) is not None:
            continue  # has spent them for the car, maybe later than this
        if at is not None and at < end and world.chance_of(one.number, "exchange").random() < _SHARE:
            done += _take(member_id, stage.mall.id, now=at)
    return done


def _moment(life: Life, last_day: date) -> datetime | None:
    """When everything else is done: nothing may be earned or spent behind it."""
    acts = [moment for one in life.bought for moment in (one.at, one.refunded_at) if moment is not None]
    last = max(acts, default=None)
    is_late = last is not None and clock.business_date(last) > last_day - timedelta(days=_LATELY)
    return last + _LATER if last is not None and is_late else None


def _take(member_id: int, mall_id: int, *, now: datetime) -> int:
    """The dearest that the member can have."""
    available = points.get_balance(member_id, now=now).available_points
    offers = queries.list_offers(member_id, mall_id=mall_id, now=now)
    found = [
        one for one in offers if not (one.cash_fen or one.is_gone) and one.left_for_member and one.points <= available
    ]
    if not found:
        return 0
    best = max(found, key=lambda one: one.points)
    choice = ExchangeChoice(campaign=best.campaign.public_id, points=best.points, cash_fen=0)
    exchanges.exchange_coupon(member_id, choice, mall_id=mall_id, payer=None, now=now)
    return 1
