"""What members tell of themselves."""

from app.identity import preferences
from app.identity.models import Member
from app.identity.profiles import households, profiles
from app.identity.profiles.models import Nearby
from app.identity.profiles.rules import BANDS, Birthday
from app.kernel import clock

BIRTHDAY = Birthday(7, 5, 1990)


def children(**told: int) -> dict[str, int]:
    """How many there are of each band; none of those that are not named."""
    return dict.fromkeys(BANDS, 0) | told


def tell_household(member: Member, **told: int) -> None:
    """The member agrees to the text in force and tells of their children."""
    households.ensure_document(now=clock.now())
    version = households.TEXT.version
    households.tell(member.id, children(**told), consent_version=version, channel="mini_program", now=clock.now())


def tell_everything(member: Member) -> None:
    """A complete profile."""
    preferences.choose(member.id, categories=["kids", "dining"], now=clock.now())
    profiles.tell_birthday(member.id, BIRTHDAY, now=clock.now())
    profiles.tell_nearby(member.id, Nearby.HOME, now=clock.now())
    tell_household(member, age_3_6=1, age_7_12=2)
