"""A receipt that waited is recorded, or set aside."""

from datetime import datetime

from app.flows.consequences import receipts
from app.flows.consequences.effects import Effects
from app.flows.consequences.recorded import Recorded
from app.identity import queries
from app.identity.models import Member
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.purchases import matching, turns
from app.purchases.matching import Match, Told
from app.purchases.rules import Receipt
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import NothingToMatch, WaitsNoLonger
from app.purchases.waiting.models import WaitingReceipt


def record_as_same(waiting_id: int, *, now: datetime) -> Recorded:
    """The payment was told of before, by the receipt that is nearest in time. Raises WaitsNoLonger, NothingToMatch."""
    row, store = _lock(waiting_id)
    receipt, member = waiting.receipt_of(row), _lock_buyer(row)
    found = find_candidates(receipt, store, member)
    if not found:
        raise NothingToMatch
    waiting.free(row)
    match = Match(same=found[0])
    return receipts.place(receipt, store, member, match, now=now, effects=Effects(row.effects))


def record_apart(waiting_id: int, *, now: datetime) -> Recorded:
    """It is a payment of its own. Raises WaitsNoLonger, NoContractTerms and BookNotOpen."""
    row, store = _lock(waiting_id)
    receipt, member = waiting.receipt_of(row), _lock_buyer(row)
    waiting.free(row)
    return receipts.place(receipt, store, member, matching.NONE, now=now, effects=Effects(row.effects))


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
