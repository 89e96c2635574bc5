"""Receipts and refunds of the past, a batch at a time: the twin of `record_purchase` for many.

A batch is first planned: every receipt is plain, known, refused, or one for the ordinary flow. Plain are purchases
under a number nobody has; a member's receipts after their first one that is not plain go through the ordinary flow too,
so that everything happens to a member in the order of the file.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import purchase
from app.flows.consequences.purchases import receipts as taking
from app.flows.consequences.purchases.buyers import Buyer
from app.flows.consequences.rewards.earning import MemberPurchase
from app.flows.history import outcomes
from app.flows.history.outcomes import Kind, Outcome
from app.identity import bulk as identity_bulk
from app.kernel import clock
from app.kernel.errors import DomainError
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases import bulk as purchases_bulk
from app.purchases import rules, turns
from app.purchases.aliases import aliases
from app.purchases.bulk import Fresh, Known
from app.purchases.errors import ReceiptConflict, StoreUnknown
from app.purchases.rules import Receipt
from app.purchases.tellings import Key
from app.settlement.contracts.errors import NoContractTerms
from app.settlement.contracts.models import ContractTerms
from app.settlement.ledger import bulk as settlement_bulk


class Incoming(NamedTuple):
    """A receipt and the card of who bought; None: nobody we know."""

    receipt: Receipt
    card_no: str | None


@dataclass(slots=True)
class World:
    """What a batch needs to know, read before it is planned."""

    stores: Mapping[str, Store]
    numbers: Mapping[Key, Known]
    cards: Mapping[str, int]
    terms: settlement_bulk.TermsByDay | None  # None without effects
    delicate: Set[Key] = frozenset()  # purchases that somebody may have told of, or refunds wait for


@dataclass(slots=True)
class Plan:
    """What will be done with whom. `outcomes` holds None for what is still to be done."""

    outcomes: list[Outcome | None]
    plain: list[tuple[Fresh, ContractTerms | None]] = field(default_factory=list)
    ordinary: list[int] = field(default_factory=list)
    owners: dict[Key, int | None] = field(default_factory=dict)  # of this batch's numbers
    delicate: set[int] = field(default_factory=set)  # members with a receipt for the ordinary flow
    members: set[int] = field(default_factory=set)  # everybody to lock
    awaited: set[Key] = field(default_factory=set)  # purchases whose refunds stand before them


def load(
    batch: Sequence[Incoming], *, effects: Effects, now: datetime, mall_id: int | None = None, plainly: bool = True
) -> list[Outcome]:
    """Record the batch as `record_purchase` would, one after the other; one outcome each, in order.

    With `mall_id` stores of other malls count as unknown.
    Raises Busy when somebody else is at the same receipts or members, and IntegrityError when a plain receipt turned
    out to clash: roll back, then say `plainly=False`, which takes every receipt through the ordinary flow.
    """
    stores = find_stores(batch, mall_id)
    turns.wait_for([store.merchant_id for store in stores.values()])
    world = look_around(batch, effects, stores)
    plan = plan_batch(batch, world, plainly=plainly)
    identity_bulk.lock_members(plan.members)
    identity_bulk.ensure_joined(plan.members & set(world.cards.values()))
    _record(plan.plain, effects, now=now)
    for index in plan.ordinary:
        plan.outcomes[index] = _by_ordinary_flow(batch[index], world, effects, now=now)
    return [outcome for outcome in plan.outcomes if outcome is not None]


def find_stores(batch: Sequence[Incoming], mall_id: int | None) -> Mapping[str, Store]:
    """The stores of the batch that are known in the mall, by code: their own, or what all sources of it call them."""
    codes = {(item.receipt.source, item.receipt.store_code) for item in batch}
    known = mall_queries.find_stores_by_code({code for _, code in codes})
    stores = {code: store for code, store in known.items() if mall_id in (None, store.mall_id)}
    called = {one for one in codes if one[1] not in known}
    if mall_id is None or not called:
        return stores
    named = aliases.find_stores(mall_id, called)
    meant = defaultdict[str, list[Store | None]](list)
    for one in called:
        meant[one[1]].append(named.get(one))
    return stores | {code: found[0] for code, found in meant.items() if found[0] and len(set(found)) == 1}


def look_around(batch: Sequence[Incoming], effects: Effects, stores: Mapping[str, Store]) -> World:
    """Read what the batch needs to know."""
    keys = {(item.receipt.source, item.receipt.receipt_no) for item in batch}
    refunded = {(item.receipt.source, item.receipt.refund_of) for item in batch if item.receipt.refund_of is not None}
    bought = [item.receipt for item in batch if item.receipt.refund_of is None]
    placed = [(receipt, stores[receipt.store_code]) for receipt in bought if receipt.store_code in stores]
    contracts = {(store.mall_id, store.merchant_id) for store in stores.values()}
    return World(
        stores=stores,
        numbers=purchases_bulk.find_numbers(sorted(keys | refunded)),
        cards=identity_bulk.find_joined_by_card({item.card_no for item in batch if item.card_no is not None}),
        terms=settlement_bulk.TermsByDay(contracts) if effects is not Effects.NONE else None,
        delicate=purchases_bulk.list_delicate(placed) | _list_near_each_other(placed),
    )


def _list_near_each_other(placed: Sequence[tuple[Receipt, Store]]) -> set[Key]:
    """Receipts of a batch that another source in it may tell of as well: same store and sum, whatever the time."""
    if len({receipt.source for receipt, _ in placed}) < 2:
        return set()
    sources = defaultdict[tuple[int, int], set[str]](set)
    for receipt, store in placed:
        sources[store.id, receipt.amount_fen].add(receipt.source)
    return {receipt.key for receipt, store in placed if len(sources[store.id, receipt.amount_fen]) > 1}


def plan_batch(batch: Sequence[Incoming], world: World, *, plainly: bool) -> Plan:
    """Decide on every receipt; nothing is written."""
    plan = Plan(outcomes=[None] * len(batch))
    for index, item in enumerate(batch):
        try:
            plan.outcomes[index] = _place(plan, index, item, world, plainly=plainly)
        except DomainError as error:
            plan.outcomes[index] = outcomes.refused(error)
    return plan


def _place(plan: Plan, index: int, item: Incoming, world: World, *, plainly: bool) -> Outcome | None:
    """Decide on a receipt; None when it is still to be done. Raises what the ordinary flow would."""
    receipt = item.receipt
    rules.ensure_theirs(receipt.source)
    rules.ensure_sound(receipt)
    store = world.stores.get(receipt.store_code)
    if store is None:
        raise StoreUnknown(store_code=receipt.store_code)
    key, digest = (receipt.source, receipt.receipt_no), rules.fingerprint(receipt)
    known = world.numbers.get(key)
    if known is not None:
        if known.fingerprint != digest:
            raise ReceiptConflict(source=receipt.source, receipt_no=receipt.receipt_no)
        return _place_known(plan, index, item, known, world)
    owner = _owner(plan, item, world)
    is_plain = (
        plainly
        and receipt.refund_of is None
        and key not in plan.owners
        and key not in world.delicate
        and key not in plan.awaited
        and owner not in plan.delicate
    )
    plan.owners.setdefault(key, owner)
    if owner is not None:
        plan.members.add(owner)
    if not is_plain:
        _leave_to_ordinary_flow(plan, index, owner)
        return None
    terms = _terms(store, receipt, world) if owner is not None else None
    plan.plain.append((Fresh(receipt, digest, store, owner), terms))
    return outcomes.NEW if owner is not None else outcomes.WAITING


def _place_known(plan: Plan, index: int, item: Incoming, known: Known, world: World) -> Outcome | None:
    """Nothing to do, unless it comes with a buyer now: its own out of the inbox, or perhaps another's."""
    buyer = world.cards.get(item.card_no) if item.card_no is not None else None
    if item.receipt.refund_of is not None or item.card_no is None or known.member_id == buyer:
        return outcomes.KNOWN
    if buyer is not None:
        plan.members.add(buyer)
    _leave_to_ordinary_flow(plan, index, buyer)
    return None


def _owner(plan: Plan, item: Incoming, world: World) -> int | None:
    """Who gets the receipt: for a refund whose purchase it was; nobody yet, while that has not come."""
    receipt = item.receipt
    if receipt.refund_of is None:
        return world.cards.get(item.card_no) if item.card_no is not None else None
    refunded = (receipt.source, receipt.refund_of)
    if refunded in plan.owners:
        return plan.owners[refunded]
    known = world.numbers.get(refunded)
    if known is None:
        plan.awaited.add(refunded)
    return None if known is None else known.member_id


def _leave_to_ordinary_flow(plan: Plan, index: int, owner: int | None) -> None:
    plan.ordinary.append(index)
    if owner is not None:
        plan.delicate.add(owner)


def _terms(store: Store, receipt: Receipt, world: World) -> ContractTerms | None:
    """The terms of the receipt's day, None without effects; raises NoContractTerms."""
    if world.terms is None:
        return None
    day = clock.business_date(receipt.occurred_at)
    terms = world.terms.find(store.mall_id, store.merchant_id, on=day)
    if terms is None:
        raise NoContractTerms(mall_id=store.mall_id, merchant_id=store.merchant_id, on=day)
    return terms


def _record(plain: Sequence[tuple[Fresh, ContractTerms | None]], effects: Effects, *, now: datetime) -> None:
    """The plain receipts with what follows from them."""
    if not plain:
        return
    first = purchases_bulk.record([fresh for fresh, _ in plain], now=now)
    bought = [
        (MemberPurchase(fresh.member_id, fresh.receipt, fresh.store, is_first=fresh.receipt.fact in first), terms)
        for fresh, terms in plain
        if fresh.member_id is not None
    ]
    purchase.apply_all([one for one, _ in bought], effects, terms=[terms for _, terms in bought], now=now)


def _by_ordinary_flow(item: Incoming, world: World, effects: Effects, *, now: datetime) -> Outcome:
    receipt, store = item.receipt, world.stores[item.receipt.store_code]

    def act() -> Outcome:
        buyer = Buyer(card_no=item.card_no)
        recorded = taking.take(receipt, store, buyer, now=now, effects=effects)
        if recorded.waits_for is not None:
            return outcomes.WAITING if recorded.is_new else outcomes.KNOWN
        if not recorded.is_new:
            return outcomes.NEW if recorded.is_claimed else outcomes.KNOWN
        return outcomes.WAITING if recorded.purchase is None else Outcome(Kind.NEW)

    return outcomes.one_by_one(act)
