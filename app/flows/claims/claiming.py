"""Claims of receipts: made, matched with what tills sent, decided by people.

What a claim is told depends on the receipt that fits in all four things, or on none: nobody learns from a wrong guess
which numbers, sums or days there are.
"""

from datetime import datetime, time

from app.access.audit import Actor
from app.flows.claims import disputes
from app.flows.consequences import receipts
from app.flows.consequences.effects import Effects
from app.identity import queries
from app.identity.models import Member
from app.kernel import clock
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import claim_queries, facts, matching, rules, tellings, turns
from app.purchases.claims import claims
from app.purchases.claims.claims import Wish
from app.purchases.claims.errors import ClaimDecided, ClaimNotNeeded
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.errors import ReceiptOfAnother
from app.purchases.rules import Receipt
from app.purchases.settings import settings

SOURCE = rules.CLAIM


def claim_receipt(member_id: int, wish: Wish, *, now: datetime) -> ReceiptClaim:
    """Claim a receipt; the same claim again is the one that stands.

    Approved at once when a till sent exactly this receipt and nobody has it; rejected when it is somebody else's, which
    people are told of; pending otherwise. Raises MemberRequired, ClaimTooOld, ClaimsUsedUp, ClaimNotNeeded.
    """
    turns.wait_for([wish.store.merchant_id])
    member = queries.lock_joined(member_id)
    person, said = queries.list_person_ids(member.id), settings.of_mall(wish.store.mall_id)
    standing = claims.find_standing(person, wish)
    if standing is not None:
        return standing
    claims.ensure_recent(wish.day, said, now=now)
    claims.ensure_left(person, said, now=now)
    owner = claim_queries.find_owner(wish)
    if owner is not None and queries.get_member(owner).id == member.id:
        raise ClaimNotNeeded
    claim = claims.make(member.id, wish, now=now)
    if owner is not None:
        claims.reject(claim, "of_another", by=None, now=now)
        disputes.ask(claim, wish.store, owner, now=now)
    else:
        _match(claim, member, wish.store, now=now)
    return claim


def match_pending(member_id: int, claim_id: int, *, now: datetime) -> bool:
    """Look again whether a till has sent the receipt meanwhile; True when the claim is approved by it."""
    claim = claims.get(member_id, claim_id)
    store = malls.get_store(claim.store_id)
    turns.wait_for([store.merchant_id])
    member = queries.lock_member(member_id)
    claim = claims.get(member_id, claim_id)
    if claim.state != State.PENDING.value or not queries.is_joined(member):
        return False
    return _match(claim, member, store, now=now)


def approve(member_id: int, claim_id: int, by: Actor, *, now: datetime) -> ReceiptClaim:
    """People have seen the receipt: it is recorded as the member's, at noon of its business day.

    A till that sends it later tells of the same payment. Raises ClaimDecided, MemberRequired, ReceiptOfAnother,
    NoContractTerms and BookNotOpen.
    """
    store = malls.get_store(claims.get(member_id, claim_id).store_id)
    turns.wait_for([store.merchant_id])
    member = queries.lock_joined(member_id)
    claim = claims.get(member_id, claim_id)
    if claim.state != State.PENDING.value:
        raise ClaimDecided
    if not _match(claim, member, store, by=by.name, now=now):
        _record(claim, member, store, by=by.name, now=now)
    return claim


def reject(member_id: int, claim_id: int, reason: str, by: Actor, *, note: str | None, now: datetime) -> ReceiptClaim:
    """It is not this member's, for a reason that they read; raises ClaimDecided."""
    claim = claims.get(member_id, claim_id)
    claims.reject(claim, reason, by=by.name, note=note, now=now)
    return claim


def _match(claim: ReceiptClaim, member: Member, store: Store, *, by: str | None = None, now: datetime) -> bool:
    """Give the locked member the one receipt of nobody that fits in all; False when there is none, or several."""
    found = claim_queries.list_unowned(claim)
    if len(found) != 1:
        return False
    first = tellings.find_first(found[0].source, found[0].receipt_no)
    done = None if first is None else receipts.claim(first, member, now=now, effects=Effects.LEDGER)
    if done is None or done.purchase is None:
        return False
    claims.approve(claim, facts.receipt(done.purchase.source, done.purchase.receipt_no), by=by, now=now)
    return True


def _record(claim: ReceiptClaim, member: Member, store: Store, *, by: str, now: datetime) -> None:
    noon = datetime.combine(claim.business_day, time(12), clock.MALL_ZONE)
    receipt = Receipt(
        source=SOURCE,
        receipt_no=rules.member_number(store.code, claim.receipt_no),
        store_code=store.code,
        occurred_at=min(noon, now),
        amount_fen=claim.amount_fen,
    )
    match = matching.find_printed(receipt, store)
    if match is not None and match.member_id is not None and queries.get_member(match.member_id).id != member.id:
        raise ReceiptOfAnother
    if not tellings.take_number(receipt):
        raise ReceiptOfAnother
    found = matching.NONE if match is None else matching.Match(same=match)
    receipts.place(receipt, store, member, found, now=now, effects=Effects.LEDGER)
    claims.approve(claim, receipt.fact, by=by, now=now)
