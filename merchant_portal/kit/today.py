"""What a store has redeemed on a day, by default today: the scan page's list and the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.access import staff_queries
from app.access.staff_queries import Stand
from app.benefits.coupons import rules, till_queries
from app.benefits.coupons.models import Redemption
from app.kernel import clock
from app.kernel.lists.keyset import Asked, Page

LONGEST_LIST = 50
FIRST = Asked(LONGEST_LIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One redemption as a row of a list; amounts in fen."""

    id: str
    title: str
    clerk: str
    redeemed_at: datetime
    spend_fen: int | None
    discount_fen: int
    mall_fen: int
    merchant_fen: int
    reversed_at: datetime | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A store's day: how many coupons, what customers were spared, what the mall repays (fen); a page of the uses."""

    day: date
    count: int
    discount_fen: int
    mall_fen: int
    uses: Page[Use]


def read(stand: Stand, day: date | None = None, asked: Asked = FIRST) -> Day:
    """The day's totals and a page of its redemptions, the newest first."""
    now = clock.now()
    day = day or clock.business_date(now)
    since, until = clock.start_of_day(day), clock.end_of_day(day)
    count, discount, mall = till_queries.sum_redemptions(store_id=stand.store_id, since=since, until=until)
    page = till_queries.list_redemptions(store_id=stand.store_id, since=since, until=until, asked=asked)
    names = staff_queries.names_of({one.staff_id for one, _ in page if one.staff_id is not None})
    return Day(
        day=day,
        count=count,
        discount_fen=discount,
        mall_fen=mall,
        uses=page.with_items([_use(redemption, title, names, now) for redemption, title in page]),
    )


def _use(redemption: Redemption, title: str, names: Mapping[int, str], now: datetime) -> Use:
    undo_until = redemption.redeemed_at + rules.REVERSAL_WINDOW
    can_undo = redemption.reversed_at is None and now <= undo_until
    return Use(
        id=redemption.public_id,
        title=title,
        clerk=names.get(redemption.staff_id or 0, ""),
        redeemed_at=redemption.redeemed_at,
        spend_fen=redemption.spend_fen,
        discount_fen=redemption.discount_fen,
        mall_fen=redemption.mall_fen,
        merchant_fen=redemption.merchant_fen,
        reversed_at=redemption.reversed_at,
        undo_until=undo_until if can_undo else None,
    )
