"""What a store has redeemed on a day, by default today: the scan page's list and the history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import TypeVar

from app.access import staff_lists
from app.access.staff_lists import Clerk
from app.access.staff_queries import Stand
from app.benefits.coupons import rules, till_queries
from app.benefits.coupons.models import Redemption
from app.benefits.coupons.till_queries import Share, Span
from app.kernel import clock
from app.kernel.lists.keyset import Asked, Page

K = TypeVar("K")

LONGEST_LIST = 50
FIRST = Asked(LONGEST_LIST)
# Redeemed at no till, or by somebody who is not there any more.
NOBODY = Clerk("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One redemption as a row of a list; amounts in fen."""

    id: str
    title: str
    code_end: str
    clerk: str
    redeemed_at: datetime
    spend_fen: int | None
    discount_fen: int
    mall_fen: int
    merchant_fen: int
    reversed_at: datetime | None
    undo_until: datetime | None


@dataclass(frozen=True, slots=True)
class Total:
    """Live redemptions summed: how many coupons, what customers were spared, what the mall repays (fen)."""

    name: str = ""
    count: int = 0
    discount_fen: int = 0
    mall_fen: int = 0

    def with_share(self, share: Share) -> "Total":
        return Total(
            self.name,
            self.count + share.count,
            self.discount_fen + share.discount_fen,
            self.mall_fen + share.mall_fen,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A store's day or a shift of it: its total, by clerk and by campaign, and a page of the uses."""

    total: Total
    by_clerk: list[tuple[Clerk, Total]]
    by_campaign: list[Total]
    uses: Page[Use]


def read(stand: Stand, day: date | None = None, asked: Asked = FIRST) -> Day:
    """A whole day, by default today."""
    day = day or clock.business_date(clock.now())
    return read_span(Span(stand.store_id, clock.start_of_day(day), clock.end_of_day(day)), asked)


def read_span(span: Span, asked: Asked = FIRST) -> Day:
    """The span's totals and a page of its redemptions, the newest first."""
    now, shares = clock.now(), till_queries.sum_shares(span)
    page = till_queries.list_redemptions(span, asked=asked)
    people = staff_lists.clerks_by_id(_people([share.staff_id for share in shares] + [row[0].staff_id for row in page]))
    return Day(
        total=_sum(shares),
        by_clerk=[
            (people.get(staff_id or 0, NOBODY), _sum(part))
            for staff_id, part in _grouped(shares, lambda share: share.staff_id)
        ],
        by_campaign=[_sum(part, title) for title, part in _grouped(shares, lambda share: share.campaign_title)],
        uses=page.with_items([_use(row, people, now) for row in page]),
    )


def search(stand: Stand, code_end: str) -> list[Use]:
    """The store's newest redemptions of coupons whose code ends so, on whatever day."""
    rows = till_queries.list_by_code_end(stand.store_id, code_end, limit=LONGEST_LIST)
    people = staff_lists.clerks_by_id(_people(row[0].staff_id for row in rows))
    return [_use(row, people, clock.now()) for row in rows]


def _people(staff_ids: Iterable[int | None]) -> set[int]:
    return {one for one in staff_ids if one is not None}


def _grouped(shares: Iterable[Share], key: Callable[[Share], K]) -> list[tuple[K, list[Share]]]:
    groups: dict[K, list[Share]] = {}
    for share in shares:
        groups.setdefault(key(share), []).append(share)
    return sorted(groups.items(), key=lambda group: -sum(share.count for share in group[1]))


def _sum(shares: Iterable[Share], name: str = "") -> Total:
    return reduce(Total.with_share, shares, Total(name))


def _use(row: tuple[Redemption, str, str], people: Mapping[int, Clerk], now: datetime) -> Use:
    redemption, title, code = row
    undo_until = redemption.redeemed_at + rules.REVERSAL_WINDOW
    can_undo = redemption.reversed_at is None and now <= undo_until
    return Use(
        id=redemption.public_id,
        title=title,
        code_end=code[-4:],
        clerk=people.get(redemption.staff_id or 0, NOBODY).name,
        redeemed_at=redemption.redeemed_at,
        spend_fen=redemption.spend_fen,
        discount_fen=redemption.discount_fen,
        mall_fen=redemption.mall_fen,
        merchant_fen=redemption.merchant_fen,
        reversed_at=redemption.reversed_at,
        undo_until=undo_until if can_undo else None,
    )
