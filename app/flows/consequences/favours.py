"""Nobody does themselves a favour: what staff give, take or forgive by hand is another person's."""

from app.access import staff
from app.access.audit import Actor
from app.care.errors import OwnMembership
from app.identity import queries
from app.identity.models import IdentityKind, Member


def ensure_anothers(member: Member, *, staff_id: int) -> None:
    """Raises OwnMembership when the locked member is known by the phone of this person of the staff."""
    owner = queries.find_member_id(IdentityKind.PHONE, staff.member_index_of(staff_id))
    if owner is not None and queries.get_member(owner).id == member.id:
        raise OwnMembership


def ensure_not_theirs(member: Member, by: Actor) -> None:
    """As `ensure_anothers`, for acts that others than staff do, too."""
    if by.kind == "staff" and by.id is not None:
        ensure_anothers(member, staff_id=by.id)
