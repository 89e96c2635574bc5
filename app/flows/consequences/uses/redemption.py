"""What follows from a used coupon, at a till or in payment of a stay: its timeline row, and who pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons import rules
from app.benefits.coupons.coupons import RedemptionInput
from app.benefits.coupons.rules import CouponFacts
from app.flows.consequences.effects import Effects
from app.kernel import clock
from app.kernel.facts import Fact
from app.malls.store_refs import StoreRef
from app.settlement.contracts import contracts
from app.settlement.ledger import bulk as ledger_bulk
from app.settlement.ledger import lines, postings
from app.settlement.ledger.lines import Line
from app.timeline import bulk as timeline_bulk
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """The values of a redemption's timeline row, and its postings."""

    fact: Fact
    event: dict[str, Any]
    lines: Sequence[Line]


def use_at_till(
    coupon: CouponFacts, store: StoreRef, spend_fen: int | None, *, staff_id: int | None
) -> RedemptionInput:
    """What using the coupon at a till of the store is worth, and who bears it; `staff_id` None: nobody of ours."""
    discount_fen = rules.discount_fen(coupon, spend_fen)
    return _use(coupon, store, discount_fen, channel="clerk", spend_fen=spend_fen, staff_id=staff_id)


def use_in_parking(coupon: CouponFacts, store: StoreRef, covers_fen: int) -> RedemptionInput:
    """What the coupon covers of a stay in a car park that the store runs, and who bears it."""
    return _use(coupon, store, covers_fen, channel="parking", spend_fen=None, staff_id=None)


def _use(
    coupon: CouponFacts,
    store: StoreRef,
    discount_fen: int,
    *,
    channel: str,
    spend_fen: int | None,
    staff_id: int | None,
) -> RedemptionInput:
    mall_fen, merchant_fen = rules.shares_fen(coupon, discount_fen)
    return RedemptionInput(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.store_id,
        staff_id=staff_id,
        channel=channel,
        spend_fen=spend_fen,
        discount_fen=discount_fen,
        mall_fen=mall_fen,
        merchant_fen=merchant_fen,
    )


def describe(
    redemption_id: str, coupon: CouponFacts, use: RedemptionInput, store: StoreRef, *, now: datetime
) -> Consequences:
    """What follows from using the coupon in the store, at the shares that are frozen on it."""
    fact = coupon_facts.redemption(redemption_id)
    shares = postings.redemption_lines(
        store,
        fact=fact,
        mall_fen=use.mall_fen,
        merchant_fen=use.merchant_fen,
        mall_share_bps=coupon.mall_share_bps,
        merchant_share_bps=coupon.merchant_share_bps,
        occurred_at=now,
    )
    event = events.row(
        coupon.member_id,
        kind=EventKind.COUPON_REDEEMED,
        fact=fact,
        occurred_at=now,
        mall_id=store.mall_id,
        store_id=store.store_id,
        source=use.channel,
    )
    return Consequences(fact=fact, event=event, lines=[*shares, *_points_lines(coupon, store, fact=fact, now=now)])


def _points_lines(coupon: CouponFacts, store: StoreRef, *, fact: Fact, now: datetime) -> list[Line]:
    """What a coupon that was had for points brings the merchant who bears a part of it: that part of the points.

    Raises NoContractTerms.
    """
    points = rules.merchant_points(coupon)
    if not points:
        return []
    terms = contracts.get_terms(store.mall_id, store.merchant_id, on=clock.business_date(now))
    return [postings.points_spent_line(store, fact=fact, points=points, occurred_at=now, terms=terms)]


def apply(found: Consequences) -> None:
    """Write them with what else waits for the commit; BookNotOpen is raised when they are sent."""
    events.write(found.event)
    lines.post_later(found.lines)


def apply_all(found: Sequence[Consequences], *, effects: Effects) -> None:
    """The same for many that are new, in a few statements; without effects nothing is posted. Raises BookNotOpen."""
    columns = ("member_id", "fact", "occurred_at", "mall_id", "store_id", "source")
    rows = ([one.event[name] for name in columns] for one in found)
    timeline_bulk.record(EventKind.COUPON_REDEEMED, map(tuple, rows))
    if effects is not Effects.NONE:
        ledger_bulk.post([line for one in found for line in one.lines])
