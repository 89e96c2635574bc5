"""Taking a receipt: what happens when somebody buys, or brings something back.

A purchase: receipt, timeline, points by the mall's rules, growth, commission and the price of the points. A refund
takes the same things back in proportion (`rewards/refunding.py`). A receipt of nobody we know waits in the inbox
without any of it, until its source sends it again and says who bought, or another source that tells of the same payment
does: then all of it follows. One payment is one purchase whoever tells of it; where that is doubtful, the receipt waits
for people.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from app.flows.consequences import recorded
from app.flows.consequences.circle import late
from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import buyers, purchase
from app.flows.consequences.purchases.buyers import Buyer
from app.flows.consequences.recorded import Recorded
from app.flows.consequences.rewards import refunding
from app.flows.consequences.rewards.earning import MemberPurchase
from app.identity import queries
from app.identity.models import Member
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases import matching, receipts, rules, tellings, turns
from app.purchases.errors import ReceiptOfAnother
from app.purchases.matching import Match, Told
from app.purchases.models import ReceiptNumber
from app.purchases.receipts import Waiting
from app.purchases.rules import Receipt
from app.purchases.waiting import waiting
from app.purchases.waiting.models import Why
from app.purchases.waiting.waiting import Place


def take(receipt: Receipt, store: Store, buyer: Buyer, *, now: datetime, effects: Effects = Effects.LEDGER) -> Recorded:
    """Take a receipt of a store once, with everything that follows from it; the same receipt again changes nothing.

    A purchase that waits in the inbox goes to the buyer who comes with it now. Raises ReceiptInvalid, ReceiptConflict,
    ReceiptOfAnother, RefundedReceiptNotFound, RefundExceedsPurchase, the errors of member codes, NoContractTerms and
    BookNotOpen.
    """
    rules.ensure_sound(receipt)
    turns.wait_for([store.merchant_id])
    known = tellings.find_known(receipt)
    if known is not None:
        return again(receipt, known, buyer, now=now, effects=effects)
    if receipt.refund_of is not None:
        return _refund(receipt, store, buyer, now=now, effects=effects)
    member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
    match = matching.find_payment(receipt, store, member_id=None if member is None else member.id)
    if not tellings.take_number(receipt):
        return again(receipt, taken_meanwhile(receipt), buyer, now=now, effects=effects)
    return place(receipt, store, member, match, now=now, effects=effects)


def take_of_unknown_store(
    receipt: Receipt, mall_id: int, merchant_id: int | None, buyer: Buyer, *, now: datetime
) -> Recorded:
    """Let a receipt wait until people say which store its source means; the buyer is kept.

    `merchant_id` is whose till it was, if it speaks for one merchant only. Raises ReceiptInvalid, ReceiptConflict,
    ReceiptOfAnother and the errors of member codes.
    """
    rules.ensure_sound(receipt)
    known = tellings.find_known(receipt)
    if known is None:
        member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
        if tellings.take_number(receipt):
            where = Place(mall_id, merchant_id, None)
            member_id = None if member is None else member.id
            waiting.hold(receipt, where, Why.STORE, member_id=member_id, effects=Effects.LEDGER.value, now=now)
            return recorded.waiting(Why.STORE, is_new=True)
        known = taken_meanwhile(receipt)
    return again(receipt, known, buyer, now=now, effects=Effects.LEDGER)


def place(
    receipt: Receipt, store: Store, member: Member | None, match: Match, *, now: datetime, effects: Effects
) -> Recorded:
    """Write a purchase under its taken number: of its own, or as another telling of what it matches.

    The caller has the merchant's turn; the member is locked. What waited for it follows.
    """
    if match.doubtful:
        member_id = None if member is None else member.id
        waiting.hold(receipt, waiting.at(store), Why.DECISION, member_id=member_id, effects=effects.value, now=now)
        return recorded.waiting(Why.DECISION, is_new=True)
    if match.same is not None:
        done = _tell_again(receipt, match.same, member, now=now, effects=effects)
    elif member is None:
        receipts.put_in_inbox(receipt, store, now=now)
        done = recorded.unowned(is_new=True)
    else:
        done = _purchase(receipt, store, member, now=now, effects=effects)
    refunding.apply_waiting(receipt.key, partial(_first, receipt), merchant_id=store.merchant_id, now=now)
    return done


def again(receipt: Receipt, known: ReceiptNumber, buyer: Buyer, *, now: datetime, effects: Effects) -> Recorded:
    """A receipt that is known: as it stands, or taken out of the inbox for the buyer that it comes with now.

    Raises ReceiptOfAnother when it is somebody else's; what another source told of first is not shown to its source.
    """
    first = tellings.first_of(known)
    if known.waiting_id is not None:
        return _still_waiting(receipt, known.waiting_id, buyer, now=now)
    if receipt.refund_of is not None or not buyer.is_named:
        return recorded.as_it_stands(first)
    if first.member_id is None:
        member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
        claimed = None if member is None else claim(first, member, told=receipt, now=now, effects=effects)
        if claimed is not None:
            return claimed
        first = _first(receipt)
    if first.member_id is not None and not _is_buyer(buyer, queries.get_member(first.member_id)):
        if first is known:
            raise ReceiptOfAnother
        return recorded.of_another()
    return recorded.as_it_stands(first)


def claim(
    first: ReceiptNumber, member: Member, *, told: Receipt | None = None, now: datetime, effects: Effects
) -> Recorded | None:
    """A receipt of nobody is the locked member's from now on, with all that follows, and what was refunded of it.

    `told` is the receipt as its source has just sent it again, if it has. None when it has found its buyer meanwhile.
    What another source told of the same payment comes along. The caller has the merchant's turn.
    """
    freed = receipts.take_out_of_inbox(first)
    if freed is None:
        return None
    unowned, refunds = freed
    receipt = told if told is not None and told.key == unowned.receipt.key else unowned.receipt
    store = mall_queries.get_store(unowned.store_id)
    done = _purchase(receipt, store, member, now=now, effects=effects)
    of = _first(receipt)
    _take_refunds(refunds, of, member, now=now, effects=effects)
    twins = [one for one in matching.list_near(receipt, store) if one.member_id is None]
    if len(twins) == 1:
        _absorb(twins[0], of, member, now=now, effects=effects)
    late.tell_anew(receipt.key, store.mall_id, now=now)
    return replace(done, is_new=False, is_claimed=True)


def _absorb(twin: Told, of: ReceiptNumber, member: Member, *, now: datetime, effects: Effects) -> None:
    """The one receipt of nobody that tells of the same payment as the member's."""
    number = tellings.find_number(*twin.key)
    freed = None if number is None else receipts.take_out_of_inbox(number)
    if freed is None:
        return
    unowned, refunds = freed
    tellings.tell_again(unowned.receipt.key, first=(of.source, of.receipt_no), now=now)
    receipts.complete(of, unowned.receipt)
    _take_refunds(refunds, of, member, now=now, effects=effects)


def _take_refunds(
    refunds: list[Waiting], of: ReceiptNumber, member: Member, *, now: datetime, effects: Effects
) -> None:
    for one in refunds:
        store = mall_queries.get_store(one.store_id)
        twin = matching.find_repayment(one.receipt, of, left_fen=receipts.left_of(of))
        if twin is not None:
            tellings.tell_again(one.receipt.key, first=twin.key, now=now)
        else:
            refunding.take_back(one.receipt, store, of, member, effects, now=now)


def _tell_again(receipt: Receipt, same: Told, member: Member | None, *, now: datetime, effects: Effects) -> Recorded:
    """Another source has told of the payment before; if that named nobody and this one does, it is the member's."""
    tellings.tell_again(receipt.key, first=same.key, now=now)
    tellings.note_transactions(receipt, first=same.key)
    first = _first(receipt)
    receipts.complete(first, receipt)
    claimed = None
    if first.member_id is None and member is not None:
        claimed = claim(first, member, now=now, effects=effects)
    done = replace(claimed or recorded.as_it_stands(_first(receipt)), is_new=False, is_told_again=True)
    if member is not None and done.member is not None and done.member.id != member.id:
        return recorded.of_another()
    return done


def _still_waiting(receipt: Receipt, waiting_id: int, buyer: Buyer, *, now: datetime) -> Recorded:
    held = waiting.lock(waiting_id)
    if held is None:
        raise AssertionError("a number leads to what waits")
    if receipt.refund_of is None and held.member_id is None and buyer.is_named:
        member = buyers.lock(buyer, used_by=str(receipt.fact), now=now)
        if member is not None:
            waiting.note_buyer(held, member.id)
    return recorded.waiting(Why(held.why), is_new=False)


def _is_buyer(buyer: Buyer, member: Member) -> bool:
    """Who has left has no phone, card or code any more to compare with."""
    return not queries.is_joined(member) or buyers.is_member(buyer, member)


def taken_meanwhile(receipt: Receipt) -> ReceiptNumber:
    """The number that somebody else has just taken; raises ReceiptConflict."""
    known = tellings.find_known(receipt)
    if known is None:
        raise AssertionError("a taken number is known")
    return known


def _first(receipt: Receipt) -> ReceiptNumber:
    first = tellings.find_first(*receipt.key)
    if first is None:
        raise AssertionError("a taken number is known")
    return first


def _refund(receipt: Receipt, store: Store, buyer: Buyer, *, now: datetime, effects: Effects) -> Recorded:
    of = refunding.find_refunded(receipt)
    if of is not None and of.member_id is not None:
        queries.lock_member(of.member_id)
    if not tellings.take_number(receipt):
        return again(receipt, taken_meanwhile(receipt), buyer, now=now, effects=effects)
    return refunding.take(receipt, store, effects, now=now)


def _purchase(receipt: Receipt, store: Store, member: Member, *, now: datetime, effects: Effects) -> Recorded:
    bought = receipts.record_purchase(receipt, store, member_id=member.id, refund_of_id=None, now=now)
    points = purchase.apply(MemberPurchase(member.id, receipt, store, is_first=bought.is_first), effects, now=now)
    return Recorded(purchase=bought, member=member, points=points, is_new=True)
