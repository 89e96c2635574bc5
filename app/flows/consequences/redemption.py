"""What follows from a used coupon, at a till or in payment of a stay: its timeline row, and who pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """A redemption's timeline row and postings; `source` says through what the coupon was used."""

    member_id: int
    fact: Fact
    store: StoreRef
    source: str
    occurred_at: datetime
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
    return Consequences(
        member_id=coupon.member_id, fact=fact, store=store, source=use.channel, occurred_at=now, lines=owed
    )


def apply(found: Consequences) -> None:
    """Write them with what else waits for the commit; BookNotOpen is raised when they are sent."""
    events.record(
        found.member_id,
        kind=EventKind.COUPON_REDEEMED,
        fact=found.fact,
        occurred_at=found.occurred_at,
        mall_id=found.store.mall_id,
        store_id=found.store.store_id,
        source=found.source,
    )
    lines.post_later(found.lines)
