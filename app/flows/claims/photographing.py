"""Members photograph receipts that no till credited to them, and take photographs back."""

from datetime import datetime

from app.identity import queries
from app.purchases.claims import claims
from app.purchases.claims.models import ReceiptClaim
from app.purchases.claims.models import State as ClaimState
from app.purchases.photos import photos
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.errors import PhotoClaimClosed
from app.purchases.photos.models import OPEN, ReceiptPhoto
from app.purchases.photos.prints import Looks
from app.purchases.settings import settings


def send_photo(member_id: int, mall_id: int, looks: Looks, *, claim: str | None = None, now: datetime) -> ReceiptPhoto:
    """Keep a photograph, as it was drawn anew, for people to read; `claim` is the member's claim that it proves.

    Raises MemberRequired, PhotosOff, PhotosUsedUp, PhotoKnown, PhotoClaimClosed and NotFound.
    """
    member = queries.lock_joined(member_id)
    person, said = queries.list_person_ids(member.id), settings.of_mall(mall_id)
    photos.ensure_left(person, said, now=now)
    proven = None if claim is None else _get_open_claim(claim, person, mall_id)
    beside = photos.ensure_unknown(mall_id, looks)
    owner = member.id if proven is None else proven.member_id
    return photos.keep(owner, mall_id, looks, beside=beside, claim=proven, now=now)


def _get_open_claim(public_id: str, person: list[int], mall_id: int) -> ReceiptClaim:
    mine = ReceiptClaim.member_id.in_(person) & (ReceiptClaim.mall_id == mall_id)
    claim, _ = claims.get_by_public_id(public_id, visible=mine)
    if claim.state != ClaimState.PENDING.value:
        raise PhotoClaimClosed
    if photo_queries.find_open_of_claim(claim.member_id, claim.id) is not None:
        raise PhotoClaimClosed
    return claim


def drop_photo(member_id: int, public_id: str, *, now: datetime) -> ReceiptPhoto:
    """Let a photograph go before its time; one that nobody has decided on is taken back with it.

    Raises MemberRequired and NotFound.
    """
    member = queries.lock_joined(member_id)
    mine = ReceiptPhoto.member_id.in_(queries.list_person_ids(member.id))
    found = photo_queries.get_by_public_id(public_id, visible=mine)
    photo = photo_queries.lock(found.member_id, found.id)
    if photo.state in OPEN:
        photos.withdraw(photo, now=now)
    photos.drop_image(photo, now=now)
    return photo
