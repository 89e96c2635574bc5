"""People read photographed receipts: what they read is recorded as the member's, or rejected for a reason."""

from datetime import datetime, timedelta

from app.access import audit
from app.access.audit import Actor
from app.flows.claims import printed, telling
from app.flows.consequences import favours
from app.identity import queries
from app.identity.models import Member
from app.kernel import clock
from app.purchases import rules, tellings, turns
from app.purchases.claims import claims, seconds
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.models import State as ClaimState
from app.purchases.errors import ReceiptOfAnother
from app.purchases.matching import Match
from app.purchases.photos import keeping, photos
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.errors import PhotoDayTooOld, ReceiptCounted
from app.purchases.photos.models import OPEN, ReceiptPhoto, State
from app.purchases.photos.photos import Seen
from app.purchases.rules import Receipt
from app.purchases.settings import settings
from app.purchases.settings.settings import Settings

SOURCE = rules.PHOTO


def approve(member_id: int, photo_id: int, seen: Seen, by: Actor, *, now: datetime) -> ReceiptPhoto:
    """Record what somebody reads on the photograph; from a sum on it is only `checked`, until a second person agrees.

    A till that sends it later tells of the same payment. Raises MemberRequired, NotFound, PhotoDecided,
    PhotoWithdrawn, OwnMembership, SecondReaderNeeded, PhotoDayTooOld, ReceiptCounted, ReceiptOfAnother,
    ReceiptToldOtherwise, NoContractTerms and BookNotOpen.
    """
    turns.wait_for([seen.store.merchant_id])
    member = queries.lock_joined(member_id)
    photo = photo_queries.lock(member_id, photo_id)
    photos.ensure_open(photo)
    favours.ensure_not_theirs(member, by)
    said = settings.of_mall(photo.mall_id)
    _ensure_recent(photo, seen, said)
    receipt = printed.receipt_of(SOURCE, seen, seen.store, at=seen.printed_at, now=now)
    match = _find_uncounted(receipt, seen, member)
    if _needs_second(photo, seen, by, said):
        photos.check(photo, seen, by, now=now)
        return photo
    fact = printed.take_unowned(seen, member, now=now)
    if fact is None:
        fact = printed.record(receipt, seen.store, member, match, now=now)
    photos.approve(photo, seen, fact, by, now=now)
    claim = _find_claim(photo)
    if claim is not None:
        claims.approve(claim, fact, by, proven=photo, now=now)
    telling.tell_decided(photo, now=now)
    return photo


def reject(member_id: int, photo_id: int, reason: str, by: Actor, *, note: str | None, now: datetime) -> ReceiptPhoto:
    """It is no purchase of this member's, for a reason that they read, and so is the claim that it was to prove.

    Raises NotFound, PhotoDecided and PhotoWithdrawn.
    """
    queries.lock_member(member_id)
    photo = photo_queries.lock(member_id, photo_id)
    photos.reject(photo, reason, by, note=note, now=now)
    claim = _find_claim(photo)
    if claim is not None:
        claims.reject(claim, reason, by, note=note, now=now)
    telling.tell_decided(photo, now=now)
    return photo


def sweep(*, now: datetime) -> int:
    """Let photographs go that are older than their mall keeps them; returns how many.

    One that nobody has decided on by then is rejected, and its member is told.
    """
    over = keeping.list_over(now=now)
    for found in over:
        photo = photo_queries.lock(found.member_id, found.id)  # somebody may decide on it right now
        if photo.state in OPEN:
            photos.reject(photo, "expired", audit.SYSTEM, now=now)
            telling.tell_decided(photo, now=now)
        photos.drop_image(photo, now=now)
    return len(over)


def _find_claim(photo: ReceiptPhoto) -> ReceiptClaim | None:
    """The claim that the photograph proves, while nobody has decided it."""
    if photo.claim_id is None:
        return None
    claim = claims.get(photo.member_id, photo.claim_id)
    return claim if claim.state == ClaimState.PENDING.value else None


def _ensure_recent(photo: ReceiptPhoto, seen: Seen, said: Settings) -> None:
    """Raises PhotoDayTooOld: the receipt was to be claimed when it was photographed, whenever people read it."""
    sent = clock.business_date(photo.created_at)
    if not sent - timedelta(days=said.claim_days) <= seen.business_day <= sent:
        raise PhotoDayTooOld(days=said.claim_days)


def _find_uncounted(receipt: Receipt, seen: Seen, member: Member) -> Match:
    """Raises ReceiptOfAnother, ReceiptCounted and ReceiptToldOtherwise."""
    known = tellings.find_first(*receipt.key)
    if known is not None:
        is_mine = known.member_id is not None and queries.get_member(known.member_id).id == member.id
        raise ReceiptCounted if is_mine else ReceiptOfAnother
    match = printed.find_owned(receipt, seen.store, member, has_time=seen.printed_at is not None)
    if match.same is not None and match.same.member_id is not None:
        raise ReceiptCounted
    printed.ensure_sum(seen, seen.store)
    return match


def _needs_second(photo: ReceiptPhoto, seen: Seen, by: Actor, said: Settings) -> bool:
    """Whether somebody else has to read this, too. Raises SecondReaderNeeded when nobody else has since."""
    read = (photo.store_id, photo.receipt_no, photo.amount_fen, photo.business_day)
    is_same = read == (seen.store_id, seen.receipt_no, seen.amount_fen, seen.business_day)
    is_checked = photo.state == State.CHECKED.value and is_same
    return seconds.is_needed(seen.amount_fen, said, by, first_id=photo.checked_by_id if is_checked else None)
