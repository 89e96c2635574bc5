"""Taking a receipt: what happens when somebody buys, or brings something back.

A purchase: receipt, timeline, points by the store's rate, growth, commission and the price of the points. A refund
takes the same things back in proportion, points also when they are spent already. A receipt of nobody we know waits in
the inbox without any of it, until the till sends it again and says who bought: then all of it follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.flows.consequences import buyers, purchase, returning
from app.flows.consequences.buyers import Buyer
from app.flows.consequences.earning import MemberPurchase
from app.flows.consequences.effects import Effects
from app.identity import queries
from app.identity.models import Member
from app.kernel.errors import Busy
from app.kernel.reasons import Reason
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.purchases import queries as purchase_queries
from app.purchases import receipts, rules
from app.purchases.errors import ReceiptOfAnother, RefundedReceiptNotFound
from app.purchases.models import Purchase, ReceiptNumber
from app.purchases.receipts import Waiting
from app.purchases.rules import Receipt
from app.settlement.ledger import postings
from app.tiers import growth
from app.timeline import events
from app.timeline.models import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A receipt as it stands; without a member it waits in the inbox. `points` < 0 for a refund.

    `is_claimed` when it has just left the inbox for its buyer.
    """

    purchase: Purchase | None
    member: Member | None
    points: int
    is_new: bool
    is_claimed: bool = False

    @property
    def is_first(self) -> bool:
        return self.purchase is not None and self.purchase.is_first


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whose receipt it is, locked, and the number it stands under: a refunded purchase keeps the one before a merge."""

    member: Member
    number: int


def take(receipt: Receipt, store: Store, buyer: Buyer, *, now: datetime, effects: Effects = Effects.LEDGER) -> Recorded:
    """Take a receipt of a store once, with everything that follows from it; the same receipt again changes nothing.

    A purchase that waits in the inbox goes to the buyer who comes with it now. Raises ReceiptInvalid, ReceiptConflict,
    ReceiptOfAnother, RefundedReceiptNotFound, RefundExceedsPurchase, the errors of member codes, NoContractTerms and
    BookNotOpen.
    """
    rules.ensure_sound(receipt)
    known = receipts.find_known(receipt)
    if known is not None:
        return _again(receipt, known, store, buyer, now=now, effects=effects)
    owner = _lock_owner(receipt, buyer, now=now)
    if not receipts.take_number(receipt):
        return _again(receipt, _taken_meanwhile(receipt), store, buyer, now=now, effects=effects)
    if owner is None:
        return _put_aside(receipt, store, now=now)
    if receipt.refund_of is not None:
        return _refund(receipt, store, owner, now=now, effects=effects)
    return _purchase(receipt, store, owner.member, now=now, effects=effects)


def _again(
    receipt: Receipt, known: ReceiptNumber, store: Store, buyer: Buyer, *, now: datetime, effects: Effects
) -> Recorded:
    """A receipt that is known: as it stands, or taken out of the inbox for the buyer that it comes with now.

    Raises ReceiptOfAnother when it is somebody else's.
    """
    if receipt.refund_of is not None or not buyer.is_named:
        return _as_it_stands(receipt, known)
    if known.member_id is None:
        member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
        waiting = None if member is None else receipts.take_out_of_inbox(receipt)
        if member is not None and waiting is not None:
            return _claim(receipt, waiting, store, member, now=now, effects=effects)
        known = _taken_meanwhile(receipt)
    if known.member_id is not None:
        _ensure_same_buyer(buyer, queries.get_member(known.member_id))
    return _as_it_stands(receipt, known)


def _ensure_same_buyer(buyer: Buyer, member: Member) -> None:
    """Who has left has no phone, card or code any more to compare with."""
    if queries.is_joined(member) and not buyers.is_member(buyer, member):
        raise ReceiptOfAnother


def _claim(
    receipt: Receipt, refunds: Sequence[Waiting], store: Store, member: Member, *, now: datetime, effects: Effects
) -> Recorded:
    """The locked member's from now on, with everything that follows, and what was refunded of it meanwhile."""
    recorded = _purchase(receipt, store, member, now=now, effects=effects)
    for refund in refunds:
        taken_at = mall_queries.get_store(refund.store_id)
        _refund(refund.receipt, taken_at, _Owner(member, member.id), now=now, effects=effects)
    return replace(recorded, is_new=False, is_claimed=True)


def _as_it_stands(receipt: Receipt, known: ReceiptNumber) -> Recorded:
    if known.member_id is None or known.purchase_id is None:
        return Recorded(purchase=None, member=None, points=0, is_new=False)
    member = queries.get_member(known.member_id)
    # A refund after a merge moved the points of whom they were merged into.
    entry = points_queries.find_entry(known.member_id, receipt.fact) or points_queries.find_entry(
        member.id, receipt.fact
    )
    return Recorded(
        purchase=purchase_queries.get_purchase(known.member_id, known.purchase_id),
        member=member,
        points=entry.points if entry is not None else 0,
        is_new=False,
    )


def _taken_meanwhile(receipt: Receipt) -> ReceiptNumber:
    known = receipts.find_known(receipt)
    if known is None:
        raise AssertionError("a taken number is known")
    return known


def _lock_owner(receipt: Receipt, buyer: Buyer, *, now: datetime) -> _Owner | None:
    """Who gets the receipt, locked: for a refund always whose purchase it was, also when they have left since."""
    if receipt.refund_of is not None:
        number = receipts.find_refunded_owner(receipt)
        return None if number is None else _Owner(queries.lock_member(number), number)
    member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
    return None if member is None else _Owner(member, member.id)


def _put_aside(receipt: Receipt, store: Store, *, now: datetime) -> Recorded:
    if receipt.refund_of is not None:
        _ensure_inbox_refund(receipt, store)
    receipts.put_in_inbox(receipt, store, now=now)
    return Recorded(purchase=None, member=None, points=0, is_new=True)


def _ensure_inbox_refund(receipt: Receipt, store: Store) -> None:
    try:
        receipts.ensure_inbox_refund(receipt, store)
    except RefundedReceiptNotFound:
        if receipts.find_refunded_owner(receipt) is not None:
            raise Busy from None  # its purchase has just found its buyer: the next try finds it there
        raise


def _purchase(receipt: Receipt, store: Store, member: Member, *, now: datetime, effects: Effects) -> Recorded:
    bought = receipts.record_purchase(receipt, store, member_id=member.id, refund_of_id=None, now=now)
    points = purchase.apply(MemberPurchase(member.id, receipt, store, is_first=bought.is_first), effects, now=now)
    return Recorded(purchase=bought, member=member, points=points, is_new=True)


def _refund(receipt: Receipt, store: Store, owner: _Owner, *, now: datetime, effects: Effects) -> Recorded:
    member = owner.member
    refunded = receipts.refund_purchase(receipt, store, member_id=owner.number)
    taken = receipts.record_purchase(receipt, store, member_id=owner.number, refund_of_id=refunded.purchase.id, now=now)
    _note_refund(receipt, store, member)
    if effects is Effects.NONE:
        return Recorded(purchase=taken, member=member, points=0, is_new=True)
    points = _take_points(receipt, store, refunded, member, now=now)
    if points and not queries.is_joined(member):
        returning.charge_leaver(receipt.refunded_fact, points, now=now)
    _take_growth(receipt, store, refunded, member, now=now)
    postings.post_refund(
        fact=receipt.fact,
        purchase_fact=receipt.refunded_fact,
        amount_fen=receipt.amount_fen,
        points=-points,
        occurred_at=receipt.occurred_at,
    )
    return Recorded(purchase=taken, member=member, points=-points, is_new=True)


def _take_points(receipt: Receipt, store: Store, refunded: receipts.Refunded, member: Member, *, now: datetime) -> int:
    """Take the refunded part's points back, from the debt if they are spent; returns how many (>= 0)."""
    earned = points_queries.find_entry(refunded.purchase.member_id, receipt.refunded_fact)
    points = rules.reward_to_take(
        earned.points if earned is not None else 0,
        amount_fen=refunded.purchase.amount_fen,
        kept_before_fen=refunded.kept_before_fen,
        kept_after_fen=refunded.kept_after_fen,
    )
    if points and earned is not None:
        ledger.take_back(
            member.id, points=points, earned=earned, reason=_refund_reason(store), fact=receipt.fact, now=now
        )
    return points


def _take_growth(receipt: Receipt, store: Store, refunded: receipts.Refunded, member: Member, *, now: datetime) -> None:
    """Take the refunded part's growth back; a purchase that was recorded without effects gave none."""
    was_credited = growth.was_credited(refunded.purchase.member_id, receipt.refunded_fact)
    kept = rules.growth_for(refunded.kept_after_fen) - rules.growth_for(refunded.kept_before_fen)
    growth.credit(
        member.id,
        growth=kept if was_credited else 0,
        reason=_refund_reason(store),
        fact=receipt.fact,
        now=now,
    )


def _note_refund(receipt: Receipt, store: Store, member: Member) -> None:
    events.record(
        member.id,
        kind=EventKind.REFUNDED,
        fact=receipt.fact,
        occurred_at=receipt.occurred_at,
        mall_id=store.mall_id,
        store_id=store.id,
        source=receipt.source,
    )


def _refund_reason(store: Store) -> Reason:
    return Reason("refund", {"store": store.name})
