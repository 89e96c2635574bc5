"""What follows from a purchase: its timeline row, the stage of who buys first, points by the store's rate, growth,
commission, the points' price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.flows.consequences.effects import Effects
from app.kernel import clock
from app.kernel.reasons import Reason
from app.lifecycle.stages import acts
from app.malls import store_refs
from app.malls.models import Store
from app.points.earning import rules as earning_rules
from app.points.ledger import bulk as points_bulk
from app.points.ledger import ledger
from app.purchases import rules
from app.purchases.rules import Receipt
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import bulk as settlement_bulk
from app.settlement.ledger import postings
from app.settlement.ledger.postings import Line
from app.tiers import bulk as tiers_bulk
from app.tiers import growth
from app.timeline import bulk as timeline_bulk
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True)
class Consequences:
    """A member's purchase in a store and how much follows; `terms` are the day's, where they were read already.

    `is_first`: the first one of the member that costs something.
    """

    member_id: int
    receipt: Receipt
    store: Store
    effects: Effects
    terms: ContractTerms | None = None
    is_first: bool = False

    @property
    def points(self) -> int:
        """What the member gets, 0 without effects."""
        if self.effects is Effects.NONE:
            return 0
        return earning_rules.points_for(self.receipt.amount_fen, self.store.points_rate_bps)

    @property
    def growth(self) -> int:
        """What the purchase is worth in growth."""
        return rules.growth_for(self.receipt.amount_fen)

    @property
    def reason(self) -> Reason:
        """Why points and growth are given."""
        return Reason("purchase", {"store": self.store.name})


def apply(found: Consequences, *, now: datetime) -> None:
    """Write them for one purchase. Raises NoContractTerms and BookNotOpen."""
    receipt, store, points = found.receipt, found.store, found.points
    events.record(
        found.member_id,
        kind=EventKind.PURCHASED,
        fact=receipt.fact,
        occurred_at=receipt.occurred_at,
        mall_id=store.mall_id,
        store_id=store.id,
        source=receipt.source,
    )
    _move([found], now=now)
    if found.effects is Effects.NONE:
        return
    reason, fact = found.reason, receipt.fact
    if points:
        ledger.accrue(
            found.member_id,
            points=points,
            reason=reason,
            fact=fact,
            now=now,
            mall_id=store.mall_id,
            store_id=store.id,
        )
    growth.credit(found.member_id, growth=found.growth, reason=reason, fact=fact, now=now)
    postings.post_purchase(
        store_refs.of(store),
        fact=receipt.fact,
        amount_fen=receipt.amount_fen,
        points=points,
        occurred_at=receipt.occurred_at,
        terms=found.terms,
    )


def apply_all(many: Sequence[Consequences], *, now: datetime) -> None:
    """The same for many purchases, kind by kind. Those with effects bear their day's terms. Raises BookNotOpen."""
    timeline_bulk.record(EventKind.PURCHASED, map(_event, many))
    _move(many, now=now)
    counted = [(one, one.points, one.reason) for one in many if one.effects is Effects.LEDGER]
    points_bulk.accrue([_earned(*each) for each in counted if each[1]], now=now)
    tiers_bulk.credit(
        [tiers_bulk.Credit(one.member_id, one.growth, reason, one.receipt.fact) for one, _, reason in counted], now=now
    )
    settlement_bulk.post([line for one, points, _ in counted for line in _lines(one, points)])


def _move(many: Sequence[Consequences], *, now: datetime) -> None:
    """Who buys first today moves at once; of what was bought earlier a night tells."""
    today = clock.business_date(now)
    first = (one for one in many if one.is_first and clock.business_date(one.receipt.occurred_at) == today)
    acts.buy_first([one.member_id for one in first], day=today)


def _event(found: Consequences) -> timeline_bulk.Event:
    receipt, store = found.receipt, found.store
    return found.member_id, receipt.fact, receipt.occurred_at, store.mall_id, store.id, receipt.source


def _earned(found: Consequences, points: int, reason: Reason) -> points_bulk.Earned:
    store = found.store
    return points_bulk.Earned(found.member_id, points, reason, found.receipt.fact, store.mall_id, store.id)


def _lines(found: Consequences, points: int) -> list[Line]:
    if found.terms is None:
        raise ValueError("purchases in bulk bear the terms of their day")
    receipt = found.receipt
    return postings.purchase_lines(
        store_refs.of(found.store),
        fact=receipt.fact,
        amount_fen=receipt.amount_fen,
        points=points,
        occurred_at=receipt.occurred_at,
        terms=found.terms,
    )
