"""What a store has redeemed today, as the scan page shows it."""

from dataclasses import dataclass
from datetime import date, datetime

from app.benefits import queries, rules
from app.benefits.models import Redemption
from app.identity.staff_queries import Stand
from app.kernel import clock

LONGEST_LIST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One redemption as a row of a list; amounts in fen."""

    id: str
    title: str
    redeemed_at: datetime
    spend_fen: int | None
    discount_fen: int
    mall_fen: int
    merchant_fen: int
    reversed_at: datetime | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A store's day: how many coupons, what customers were spared, what the mall repays (fen); the newest uses."""

    day: date
    count: int
    discount_fen: int
    mall_fen: int
    uses: list[Use]


def read(stand: Stand, day: date | None = None) -> Day:
    """The day's totals and its newest redemptions; today by default."""
    now = clock.now()
    day = day or clock.business_date(now)
    since, until = clock.start_of_day(day), clock.end_of_day(day)
    count, discount, mall = queries.sum_redemptions(store_id=stand.store_id, since=since, until=until)
    rows = queries.list_redemptions(store_id=stand.store_id, since=since, until=until, limit=LONGEST_LIST)
    uses = [_use(redemption, title, now) for redemption, title in rows]
    return Day(day=day, count=count, discount_fen=discount, mall_fen=mall, uses=uses)


def _use(redemption: Redemption, title: str, now: datetime) -> Use:
    undo_until = redemption.redeemed_at + rules.REVERSAL_WINDOW
    can_undo = redemption.reversed_at is None and now <= undo_until
    return Use(
        id=redemption.public_id,
        title=title,
        redeemed_at=redemption.redeemed_at,
        spend_fen=redemption.spend_fen,
        discount_fen=redemption.discount_fen,
        mall_fen=redemption.mall_fen,
        merchant_fen=redemption.merchant_fen,
        reversed_at=redemption.reversed_at,
        undo_until=undo_until if can_undo else None,
    )
