"""Claims of receipts: made, matched with what tills sent, decided by people.

What a claim is told depends on the receipt that fits in all four things, or on none: nobody learns from a wrong guess
which numbers, sums or days there are.
"""

from datetime import datetime

from app.access import audit
from app.access.audit import Actor
from app.flows.claims import disputes, printed, telling
from app.flows.consequences import favours
from app.identity import queries
from app.identity.models import Member
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import claim_queries, rules, turns
from app.purchases.claims import claims, seconds
from app.purchases.claims.claims import Wish
from app.purchases.claims.errors import ClaimDecided, ClaimNotNeeded
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.photos import photos
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.errors import ClaimHasPhoto
from app.purchases.photos.photos import Seen
from app.purchases.settings import settings

SOURCE = rules.CLAIM


def claim_receipt(member_id: int, wish: Wish, *, now: datetime) -> ReceiptClaim:
    """Claim a receipt; the same claim again is the one that stands.

    Approved at once when a till sent exactly this receipt and nobody has it; rejected when it is somebody else's, which
    people are told of once; pending otherwise. Raises MemberRequired, ClaimTooOld, ClaimsUsedUp, ClaimNotNeeded.
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
    refused = None if owner is None else claims.find_disputed(person, wish)
    if refused is not None:
        return refused
    claim = claims.make(member.id, wish, now=now)
    if owner is not None:
        claims.reject(claim, claims.OF_ANOTHER, None, now=now)
        disputes.ask(claim, wish.store, owner, now=now)
    else:
        _match(claim, member, now=now)
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
    is_matched = _match_with_photo(claim, member, now=now)
    if is_matched:
        telling.tell_decided(claim, now=now)
    return is_matched


def approve(member_id: int, claim_id: int, by: Actor, *, now: datetime) -> ReceiptClaim:
    """People have seen the receipt: it is recorded as the member's, at noon of its business day.

    From a sum on it is only checked, and stays pending, until a second person agrees; not so what a till has sent. A
    till that sends it later tells of the same payment. Raises ClaimDecided, MemberRequired, OwnMembership,
    SecondReaderNeeded, ReceiptOfAnother, ReceiptToldOtherwise, NoContractTerms and BookNotOpen.
    """
    store = malls.get_store(claims.get(member_id, claim_id).store_id)
    turns.wait_for([store.merchant_id])
    member = queries.lock_joined(member_id)
    claim = claims.get(member_id, claim_id)
    if claim.state != State.PENDING.value:
        raise ClaimDecided
    favours.ensure_not_theirs(member, by)
    _ensure_no_photo(claim)
    if not _match(claim, member, by=by, now=now):
        printed.ensure_sum(claim, store)
        if seconds.is_needed(claim.amount_fen, settings.of_mall(claim.mall_id), by, first_id=claim.checked_by_id):
            claims.check(claim, by, now=now)
            return claim
        _record(claim, member, store, by=by, now=now)
    telling.tell_decided(claim, now=now)
    return claim


def reject(member_id: int, claim_id: int, reason: str, by: Actor, *, note: str | None, now: datetime) -> ReceiptClaim:
    """It is not this member's, for a reason that they read; raises ClaimDecided and ClaimHasPhoto."""
    claim = claims.get(member_id, claim_id)
    _ensure_no_photo(claim)
    claims.reject(claim, reason, by, note=note, now=now)
    telling.tell_decided(claim, now=now)
    return claim


def _ensure_no_photo(claim: ReceiptClaim) -> None:
    """Raises ClaimHasPhoto: who decides looks at it."""
    if photo_queries.find_open_of_claim(claim.member_id, claim.id) is not None:
        raise ClaimHasPhoto


def _match_with_photo(claim: ReceiptClaim, member: Member, *, now: datetime) -> bool:
    """What the till tells needs nobody to look at a photograph any more."""
    if not _match(claim, member, now=now):
        return False
    photo = photo_queries.find_open_of_claim(claim.member_id, claim.id)
    if photo is not None and claim.fact is not None:
        seen = Seen(
            store=malls.get_store(claim.store_id),
            receipt_no=claim.receipt_no,
            amount_fen=claim.amount_fen,
            business_day=claim.business_day,
        )
        photos.approve(photo, seen, claim.fact, audit.SYSTEM, now=now)
    return True


def _match(claim: ReceiptClaim, member: Member, *, by: Actor | None = None, now: datetime) -> bool:
    """Give the locked member the one receipt of nobody that fits in all, unless a till has said meanwhile that it is
    theirs; False when there is none, or several."""
    own = printed.find_own(claim, member, malls.get_store(claim.store_id))
    fact = own or printed.take_unowned(claim, member, now=now)
    if fact is not None:
        claims.approve(claim, fact, by, now=now)
    return fact is not None


def _record(claim: ReceiptClaim, member: Member, store: Store, *, by: Actor, now: datetime) -> None:
    receipt = printed.receipt_of(SOURCE, claim, store, now=now)
    match = printed.find_owned(receipt, store, member)
    claims.approve(claim, printed.record(receipt, store, member, match, now=now), by, now=now)
