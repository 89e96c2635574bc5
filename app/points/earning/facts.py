"""The facts of points that acts other than buying earn."""

from datetime import date

from app.kernel.facts import Fact


def visited(mall_id: int, day: date) -> Fact:
    """Having been in a mall on a day."""
    return Fact("visit-points", mall_id, day.isoformat())


def shared(day: date) -> Fact:
    """Having shared on a day."""
    return Fact("share-points", day.isoformat())


PLATE = Fact("plate-points")
PROFILE = Fact("profile-points")
ADVISER = Fact("adviser-points")
# Of acts that earn once in all.
ONCE = (PLATE, PROFILE, ADVISER)
