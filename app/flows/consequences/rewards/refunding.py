"""A refund: what its purchase gave is taken back in proportion, points also when they are spent already.

One that comes before its purchase waits for it. The caller has the merchant's turn, so no purchase arrives unseen.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.flows.consequences import recorded, returning
from app.flows.consequences.effects import Effects
from app.flows.consequences.recorded import Recorded
from app.identity import queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.purchases import facts, matching, receipts, rules, tellings
from app.purchases.errors import RefundedReceiptNotFound
from app.purchases.models import ReceiptNumber
from app.purchases.receipts import Refunded
from app.purchases.rules import Receipt
from app.purchases.tellings import Key
from app.purchases.waiting import waiting
from app.purchases.waiting.models import WaitingReceipt, Why
from app.settlement.ledger import postings
from app.tiers import crediting
from app.tiers.growth import growth
from app.tiers.growth import rule_sets as growth_rules
from app.timeline import events
from app.timeline.models import EventKind


def find_refunded(receipt: Receipt) -> ReceiptNumber | None:
    """The first number of the purchase that a refund names; None while that is not recorded.

    Raises RefundedReceiptNotFound when it names another refund that waits.
    """
    first = tellings.find_first(receipt.source, receipt.refund_of or "")
    if first is None or first.waiting_id is None:
        return first
    held = waiting.find(first.waiting_id)
    if held is not None and held.refund_of is not None:
        raise RefundedReceiptNotFound(refund_of=receipt.refund_of)
    return None


def take(receipt: Receipt, store: Store, effects: Effects, *, now: datetime) -> Recorded:
    """A refund under its taken number: recorded, or waiting while its purchase is not."""
    of = find_refunded(receipt)
    if of is None:
        return hold(receipt, store, effects, now=now)
    return record(receipt, store, of, effects, now=now)


def record(receipt: Receipt, store: Store, of: ReceiptNumber, effects: Effects, *, now: datetime) -> Recorded:
    """Write a refund under its taken number, with what follows; one that another source told of before leads there.

    Raises RefundedReceiptNotFound and RefundExceedsPurchase.
    """
    member = None if of.member_id is None else queries.lock_member(of.member_id)
    twin = matching.find_repayment(receipt, of, left_fen=receipts.left_of(of))
    if twin is not None:
        tellings.tell_again(receipt.key, first=twin.key, now=now)
        first = tellings.find_first(*receipt.key)
        return replace(recorded.as_it_stands(first or of), is_told_again=True)
    if member is None:
        receipts.ensure_inbox_refund(receipt, of, store)
        receipts.put_in_inbox(receipt, store, of=of, now=now)
        return recorded.unowned(is_new=True)
    return take_back(receipt, store, of, member, effects, now=now)


def take_back(
    receipt: Receipt, store: Store, of: ReceiptNumber, member: Member, effects: Effects, *, now: datetime
) -> Recorded:
    """The refund of the locked member's purchase; it stands under the number that the purchase has."""
    refunded = receipts.refund_purchase(receipt, of, store)
    bought = refunded.purchase
    taken = receipts.record_purchase(receipt, store, member_id=bought.member_id, refund_of_id=bought.id, now=now)
    _note(receipt, store, member)
    points = 0
    if effects is not Effects.NONE:
        points = _take_rewards(receipt, store, refunded, member, effects, now=now)
    return Recorded(purchase=taken, member=member, points=-points, is_new=True)


def apply_waiting(key: Key, find: Callable[[], ReceiptNumber], *, merchant_id: int, now: datetime) -> None:
    """The refunds that waited for a receipt which is recorded now; one that is refused goes on waiting, for people.

    `find` reads the number that told of it first: hardly any receipt is waited for.
    """
    for row in waiting.list_refunds(*key, merchant_id=merchant_id):
        savepoint = db.session.begin_nested()
        try:
            _apply(row, find(), now=now)
        except DomainError as refusal:
            savepoint.rollback()
            if refusal.kind == "busy":
                raise
            waiting.note_obstacle(row, refusal.code)
        else:
            savepoint.commit()


def _apply(row: WaitingReceipt, of: ReceiptNumber, *, now: datetime) -> None:
    receipt, store = waiting.receipt_of(row), mall_queries.get_store(row.store_id or 0)
    waiting.free(row)
    record(receipt, store, of, Effects(row.effects), now=now)


def hold(receipt: Receipt, store: Store, effects: Effects, *, now: datetime) -> Recorded:
    """A refund that is ahead of its purchase, under its taken number."""
    waiting.hold(receipt, waiting.at(store), Why.PURCHASE, member_id=None, effects=effects.value, now=now)
    return recorded.waiting(Why.PURCHASE, is_new=True)


def _take_rewards(
    receipt: Receipt, store: Store, refunded: Refunded, member: Member, effects: Effects, *, now: datetime
) -> int:
    """Take points, growth, commission and the points' price back; returns how many points (>= 0)."""
    bought = refunded.purchase
    purchase_fact = facts.receipt(bought.source, bought.receipt_no)
    entered_at = effects.entered_at(receipt.occurred_at, now=now)
    points = _take_points(receipt, store, refunded, purchase_fact, member, now=entered_at)
    if points and not queries.is_joined(member):
        returning.charge_leaver(purchase_fact, points, now=now)
    _take_growth(receipt, store, refunded, purchase_fact, member, now=now, entered_at=entered_at)
    postings.post_refund(
        fact=receipt.fact,
        purchase_fact=purchase_fact,
        amount_fen=rules.base_to_take(
            bought.amount_fen if bought.commission_base_fen is None else bought.commission_base_fen,
            amount_fen=bought.amount_fen,
            kept_before_fen=refunded.kept_before_fen,
            kept_after_fen=refunded.kept_after_fen,
        ),
        points=-points,
        occurred_at=receipt.occurred_at,
    )
    return points


def _take_points(
    receipt: Receipt, store: Store, refunded: Refunded, purchase_fact: Fact, member: Member, *, now: datetime
) -> int:
    """Take the refunded part's points back, from the debt if they are spent; returns how many (>= 0)."""
    earned = points_queries.find_entry(refunded.purchase.member_id, purchase_fact)
    points = rules.reward_to_take(
        earned.points if earned is not None else 0,
        amount_fen=refunded.purchase.amount_fen,
        kept_before_fen=refunded.kept_before_fen,
        kept_after_fen=refunded.kept_after_fen,
    )
    if points and earned is not None:
        reason = _reason(store, refunded)
        ledger.take_back(member.id, points=points, earned=earned, reason=reason, fact=receipt.fact, now=now)
    return points


def _take_growth(
    receipt: Receipt,
    store: Store,
    refunded: Refunded,
    purchase_fact: Fact,
    member: Member,
    *,
    now: datetime,
    entered_at: datetime,
) -> None:
    """Take the refunded part's growth back; a purchase that was recorded without effects gave none."""
    was_credited = growth.was_credited(refunded.purchase.member_id, purchase_fact)
    by = growth_rules.in_force(clock.business_date(refunded.purchase.occurred_at))
    kept = by.for_spend(refunded.kept_after_fen) - by.for_spend(refunded.kept_before_fen)
    crediting.credit(
        member.id,
        growth=kept if was_credited else 0,
        reason=_reason(store, refunded),
        fact=receipt.fact,
        now=now,
        entered_at=entered_at,
    )


def _note(receipt: Receipt, store: Store, member: Member) -> None:
    events.record(
        member.id,
        kind=EventKind.REFUNDED,
        fact=receipt.fact,
        occurred_at=receipt.occurred_at,
        mall_id=store.mall_id,
        store_id=store.id,
        source=receipt.source,
    )


def _reason(store: Store, refunded: Refunded) -> Reason:
    """Where it was given back, and where it was bought if that is another store of the merchant."""
    if refunded.purchase.store_id == store.id:
        return Reason("refund", {"store": store.name})
    bought_at = mall_queries.get_store(refunded.purchase.store_id)
    return Reason("refund_elsewhere", {"store": store.name, "bought_at": bought_at.name})
