"""What two members turn out to share while one of them does something: they may be one person."""

from app.identity import queries
from app.identity.duplicates import sightings
from app.identity.models import IdentityKind, Member
from app.kernel.spelling import plates


def note_device(member: Member, phone_index: str) -> None:
    """Somebody who is signed in as a member proved the phone of another on the same device."""
    owner = _find_other(member, IdentityKind.PHONE, phone_index)
    if owner is not None:
        one, other = sorted((member.id, owner.id))
        sightings.note("device", f"{one}-{other}", [one, other])


def note_plate(member: Member, plate: str) -> None:
    """A member wanted a plate that is another's: they have a car in common. Raises PlateInvalid."""
    plate = plates.normalise_plate(plate)
    owner = _find_other(member, IdentityKind.PLATE, plate)
    if owner is not None:
        sightings.note("plate", plate, [member.id, owner.id])


def _find_other(member: Member, kind: IdentityKind, value: str) -> Member | None:
    """Whose it is, if that is another who has joined, as the member has."""
    owner_id = queries.find_member_id(kind, value)
    owner = None if owner_id is None else queries.get_member(owner_id)
    if owner is None or owner.id == member.id:
        return None
    return owner if queries.is_joined(member) and queries.is_joined(owner) else None
