"""Number plates: an identity like any other, with one active owner."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.identity import queries
from app.identity.errors import PlateLimitReached, PlateTaken
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.db import db
from app.kernel.spelling import plates

LIMIT = 5


def bind(member_id: int, plate: str, *, now: datetime) -> str:
    """Give a plate to a locked member; returns it normalised. Binding one's own plate again changes nothing.

    Raises PlateInvalid, PlateTaken, PlateLimitReached.
    """
    plate = plates.normalise_plate(plate)
    own = {identity.value for identity in queries.list_identities(member_id, IdentityKind.PLATE)}
    if plate in own:
        return plate
    if len(own) >= LIMIT:
        raise PlateLimitReached(limit=LIMIT)
    bound = db.session.execute(
        insert(MemberIdentity)
        .values(kind=IdentityKind.PLATE.value, value=plate, member_id=member_id, bound_at=now)
        .on_conflict_do_nothing()
        .returning(MemberIdentity.value)
    ).first()
    if bound is None:
        raise PlateTaken
    return plate


def unbind(member_id: int, plate: str) -> None:
    """Take a plate back; a plate that is not the member's changes nothing."""
    db.session.execute(
        delete(MemberIdentity).where(
            MemberIdentity.kind == IdentityKind.PLATE.value,
            MemberIdentity.value == plate,
            MemberIdentity.member_id == member_id,
        )
    )
