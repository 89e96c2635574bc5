"""Points that members paid with in stores in the past, a batch at a time."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome
from app.identity import bulk as identity_bulk
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.reasons import Reason
from app.kernel.security import codes
from app.malls import store_refs
from app.malls.models import Store
from app.points.ledger.many import spending as purses
from app.points.ledger.many.spending import Spending, Spent
from app.points.till import bulk, facts, till_rules
from app.points.till.bulk import Paid
from app.points.till.errors import PointsWorthNothing, StoreTakesNoPoints
from app.points.till.payments import Sum
from app.points.till.rules import TillTerms
from app.points.worth import factors
from app.points.worth import rules as worth
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import bulk as settlement_bulk
from app.settlement.ledger import facts as ledger_facts
from app.settlement.ledger import postings
from app.timeline import bulk as timeline_bulk
from app.timeline.models import EventKind

SOURCE = "points"


class Incoming(NamedTuple):
    """That a joined member paid with points (> 0) at a machine of a store, by a code that paid for nothing else."""

    member_id: int
    points: int
    store: Store
    machine_id: int
    consent: str
    at: datetime


def load(batch: Sequence[Incoming]) -> list[Outcome]:
    """Record payments as asking for, confirming and taking them at their moments would; one outcome each, in order.

    Nothing is checked of the code, and nobody's name stands for it in the audit log. Raises Busy when a member has
    left meanwhile, and BookNotOpen: roll back, none of the batch is here then.
    """
    member_ids = {item.member_id for item in batch}
    identity_bulk.lock_members(member_ids)
    identity_bulk.ensure_joined(member_ids)
    terms = settlement_bulk.TermsByDay({(item.store.mall_id, item.store.merchant_id) for item in batch})
    spending = Spending(purses.open_purse(member_ids))
    factor_of, rules_of = cache(factors.in_force), cache(till_rules.in_force)
    found: list[Outcome] = []
    paid: list[tuple[Paid, ContractTerms]] = []
    for item in batch:
        day = clock.business_date(item.at)
        try:
            of_day = _terms(item, terms, day)
            one = _payment(item, factor_of(day), rules_of(item.store.mall_id, day))
            spending.spend(_spent(one, item))
        except DomainError as error:
            found.append(outcomes.refused(error))
        else:
            paid.append((one, of_day))
            found.append(outcomes.NEW)
    _write(paid, spending)
    return found


def _terms(item: Incoming, terms: settlement_bulk.TermsByDay, day: date) -> ContractTerms:
    found = terms.find(item.store.mall_id, item.store.merchant_id, on=day)
    if found is None:
        raise StoreTakesNoPoints
    return found


def _payment(item: Incoming, factor_bps: int, terms: TillTerms) -> Paid:
    worth_fen = worth.worth_fen(item.points, factor_bps)
    if worth_fen == 0:
        raise PointsWorthNothing
    asked = Sum(points=item.points, worth_fen=worth_fen, factor_bps=factor_bps)
    store, public_id = store_refs.of(item.store), codes.new_public_id()
    return Paid(item.member_id, public_id, store, item.machine_id, asked, item.consent, terms, item.at)


def _spent(one: Paid, item: Incoming) -> Spent:
    return Spent(
        member_id=one.member_id,
        points=one.asked.points,
        reason=Reason("till", {"store": item.store.name}),
        fact=facts.payment(one.public_id),
        mall_id=one.store.mall_id,
        store_id=one.store.store_id,
        at=one.at,
        until=one.confirm_by,
    )


def _write(paid: Sequence[tuple[Paid, ContractTerms]], spending: Spending) -> None:
    bulk.write([one for one, _ in paid])
    spending.write()
    settlement_bulk.post(
        [
            postings.points_spent_line(
                one.store,
                fact=ledger_facts.points_spent(facts.payment(one.public_id)),
                points=one.asked.points,
                occurred_at=one.at,
                terms=terms,
            )
            for one, terms in paid
        ]
    )
    timeline_bulk.record(
        EventKind.VISITED,
        (
            (one.member_id, facts.payment(one.public_id), one.at, one.store.mall_id, one.store.store_id, SOURCE)
            for one, _ in paid
        ),
    )
