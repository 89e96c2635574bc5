"""What follows from a used coupon, at a till or in payment of a stay: its timeline row, and who pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.benefits.coupons import facts as coupon_facts
from app.benefits.coupons.coupons import RedemptionInput
from app.benefits.coupons.rules import CouponFacts
from app.kernel.facts import Fact
from app.malls.store_refs import StoreRef
from app.settlement.ledger import lines, postings
from app.settlement.ledger.lines import Line
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """The values of a redemption's timeline row, and its postings."""

    fact: Fact
    event: dict[str, Any]
    lines: Sequence[Line]


def describe(
    redemption_id: str, coupon: CouponFacts, use: RedemptionInput, store: StoreRef, *, now: datetime
) -> Consequences:
    """What follows from using the coupon in the store, at the shares that are frozen on it."""
    fact = coupon_facts.redemption(redemption_id)
    owed = postings.redemption_lines(
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
    return Consequences(fact=fact, event=event, lines=owed)


def apply(found: Consequences) -> None:
    """Write them with what else waits for the commit; BookNotOpen is raised when they are sent."""
    events.write(found.event)
    lines.post_later(found.lines)
