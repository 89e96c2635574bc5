"""A receipt that waited is recorded, or set aside."""

from datetime import datetime

from app.access.audit import Actor
from app.flows.consequences import favours
from app.flows.consequences.circle import late
from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import receipts
from app.flows.consequences.recorded import Recorded
from app.flows.consequences.rewards import refunding
from app.identity import queries
from app.identity.models import Member
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases import matching, tellings, turns
from app.purchases import queries as purchase_queries
from app.purchases import receipts as receipt_verbs
from app.purchases.claims import seconds
from app.purchases.errors import ReceiptSetAside, StoreUnknown
from app.purchases.matching import Match, Told
from app.purchases.models import InboxReceipt
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import NothingToMatch, WaitsNoLonger
from app.purchases.waiting.models import WaitingReceipt, Why


def record_as_same(waiting_id: int, by: Actor, *, now: datetime) -> Recorded:
    """The payment was told of before, by the receipt that is nearest in time.

    Raises WaitsNoLonger, OwnMembership and NothingToMatch.
    """
    row, store = _lock(waiting_id)
    receipt, member = waiting.receipt_of(row), _lock_anothers(row, by)
    found = find_candidates(receipt, store, member)
    if not found:
        raise NothingToMatch
    waiting.free(row)
    match = Match(same=found[0])
    return _placed(receipt, store, member, match, now=now, effects=Effects(row.effects))


def record_apart(waiting_id: int, by: Actor, *, now: datetime) -> Recorded:
    """It is a payment of its own. Raises WaitsNoLonger, OwnMembership, NoContractTerms and BookNotOpen."""
    row, store = _lock(waiting_id)
    receipt, member = waiting.receipt_of(row), _lock_anothers(row, by)
    waiting.free(row)
    return _placed(receipt, store, member, matching.NONE, now=now, effects=Effects(row.effects))


def record_at(waiting_id: int, store: Store, *, now: datetime) -> Recorded:
    """Its store is known now: it is taken as if it came there just now, with the buyer whom it named.

    Raises WaitsNoLonger, StoreUnknown for a store that its till may not speak for, and what `record_purchase` raises.
    """
    turns.wait_for([store.merchant_id])
    row = waiting.lock(waiting_id)
    if row is None or row.why != Why.STORE or row.dismissed_at is not None:
        raise WaitsNoLonger
    if row.mall_id != store.mall_id or row.merchant_id not in (None, store.merchant_id):
        raise StoreUnknown(store_code=row.store_code)
    receipt, member, effects = waiting.receipt_of(row), _lock_buyer(row), Effects(row.effects)
    waiting.free(row)
    if receipt.refund_of is not None:
        return refunding.take(receipt, store, effects, now=now)
    match = matching.find_payment(receipt, store, member_id=None if member is None else member.id)
    return _placed(receipt, store, member, match, now=now, effects=effects)


def give_to(inbox_id: int, member_id: int, by: Actor, *, now: datetime) -> Recorded | None:
    """A receipt of nobody is this member's, people say; None where that waits for a second one, from a sum on.

    Raises WaitsNoLonger, ReceiptSetAside until that is taken back, MemberRequired, OwnMembership, SecondReaderNeeded,
    NoContractTerms and BookNotOpen.
    """
    row = purchase_queries.find_inbox_receipt(inbox_id)
    if row is None or row.refund_of is not None:
        raise WaitsNoLonger
    turns.wait_for([row.merchant_id])
    member = queries.lock_joined(member_id)
    favours.ensure_not_theirs(member, by)
    unowned = purchase_queries.lock_inbox_receipt(row.source, row.receipt_no)
    if unowned is None:
        raise WaitsNoLonger
    if unowned.dismissed_at is not None:
        raise ReceiptSetAside(by=unowned.dismissed_by)
    if _needs_second(unowned, member, by):
        receipt_verbs.mean_for(unowned, member.id, seconds.first_of(by, now=now))
        return None
    first = tellings.find_first(row.source, row.receipt_no)
    done = None if first is None else receipts.claim(first, member, now=now, effects=Effects.LEDGER)
    if done is None:
        raise WaitsNoLonger
    return done


def _needs_second(unowned: InboxReceipt, member: Member, by: Actor) -> bool:
    """Whether somebody else has to say the same. Raises SecondReaderNeeded when nobody else has since."""
    meant_for = None if unowned.meant_for_id is None else queries.get_member(unowned.meant_for_id).id
    first_id = unowned.checked_by_id if meant_for == member.id else None
    return seconds.is_needed(unowned.amount_fen, settings.of_mall(unowned.mall_id), by, first_id=first_id)


def _placed(
    receipt: Receipt, store: Store, member: Member | None, match: Match, *, now: datetime, effects: Effects
) -> Recorded:
    done = receipts.place(receipt, store, member, match, now=now, effects=effects)
    late.tell_anew(receipt.key, store.mall_id, now=now)
    return done


def find_candidates(receipt: Receipt, store: Store, member: Member | None) -> list[Told]:
    """The receipts that may tell of the same payment, the nearest in time first."""
    match = matching.find_payment(receipt, store, member_id=None if member is None else member.id)
    found = [match.same] if match.same is not None else list(match.doubtful)
    return sorted(found, key=lambda one: (abs(one.occurred_at - receipt.occurred_at), one.key))


def _lock(waiting_id: int) -> tuple[WaitingReceipt, Store]:
    """What waits at a known store, in the merchant's turn."""
    seen = waiting.find(waiting_id)
    if seen is None or seen.merchant_id is None:
        raise WaitsNoLonger
    turns.wait_for([seen.merchant_id])
    row = waiting.lock(waiting_id)
    if row is None or row.store_id is None or row.dismissed_at is not None:
        raise WaitsNoLonger
    return row, mall_queries.get_store(row.store_id)


def _lock_buyer(row: WaitingReceipt) -> Member | None:
    """Who bought, if they are a member still."""
    member = None if row.member_id is None else queries.lock_member(row.member_id)
    return member if member is not None and queries.is_joined(member) else None


def _lock_anothers(row: WaitingReceipt, by: Actor) -> Member | None:
    """The buyer, whose receipt somebody else decides about."""
    member = _lock_buyer(row)
    if member is not None:
        favours.ensure_not_theirs(member, by)
    return member
