"""What a member brings by the number that a till printed becomes their purchase, once.

The caller has the merchant's turn, and the member is locked.
"""

from datetime import datetime

from app.flows.consequences.effects import Effects
from app.flows.consequences.purchases import receipts
from app.identity import queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.facts import Fact
from app.malls.models import Store
from app.purchases import claim_queries, day_only, facts, matching, rules, tellings
from app.purchases.claim_queries import Told
from app.purchases.errors import ReceiptOfAnother
from app.purchases.matching import Match
from app.purchases.photos.errors import ReceiptToldOtherwise
from app.purchases.rules import Receipt


def take_unowned(told: Told, member: Member, *, now: datetime) -> Fact | None:
    """Give the member the one receipt of nobody that fits in all; None when there is none, or several."""
    found = claim_queries.list_unowned(told)
    if len(found) != 1:
        return None
    first = tellings.find_first(found[0].source, found[0].receipt_no)
    done = None if first is None else receipts.claim(first, member, now=now, effects=Effects.LEDGER)
    if done is None or done.purchase is None:
        return None
    return facts.receipt(done.purchase.source, done.purchase.receipt_no)


def find_own(told: Told, member: Member, store: Store) -> Fact | None:
    """The member's purchase that fits in all: a till has named them meanwhile; None when there is none."""
    found = claim_queries.find_purchase(store, told.receipt_no, amount_fen=told.amount_fen, day=told.business_day)
    is_theirs = found is not None and queries.get_member(found.member_id).id == member.id
    return facts.receipt(found.source, found.receipt_no) if found is not None and is_theirs else None


def receipt_of(source: str, told: Told, store: Store, *, at: datetime | None = None, now: datetime) -> Receipt:
    """The receipt that is recorded: at its printed time, or else at noon of its business day."""
    noon = datetime.combine(told.business_day, day_only.NOON, clock.MALL_ZONE)
    return Receipt(
        source=source,
        receipt_no=rules.member_number(store.code, told.receipt_no),
        store_code=store.code,
        occurred_at=min(at or noon, now),
        amount_fen=told.amount_fen,
    )


def find_owned(receipt: Receipt, store: Store, member: Member, *, has_time: bool = False) -> Match:
    """What told of the same payment before: by the number, and by the time where one is known.

    Raises ReceiptOfAnother.
    """
    by_number = matching.find_printed(receipt, store)
    if by_number is not None:
        match = Match(same=by_number)
    else:
        match = matching.find_payment(receipt, store, member_id=member.id) if has_time else matching.NONE
    owner_id = None if match.same is None else match.same.member_id
    if owner_id is not None and queries.get_member(owner_id).id != member.id:
        raise ReceiptOfAnother
    return match


def ensure_sum(told: Told, store: Store) -> None:
    """Raises ReceiptToldOtherwise."""
    other = claim_queries.find_other_sum(told, store)
    if other is not None:
        raise ReceiptToldOtherwise(amount_fen=other)


def record(receipt: Receipt, store: Store, member: Member, match: Match, *, now: datetime) -> Fact:
    """Record it as the member's with all that follows; raises ReceiptOfAnother when its number is taken."""
    if not tellings.take_number(receipt):
        raise ReceiptOfAnother
    receipts.place(receipt, store, member, match, now=now, effects=Effects.LEDGER)
    return receipt.fact
