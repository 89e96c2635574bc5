"""What browsing is called on the timeline."""

from datetime import date

from app.kernel.facts import Fact


def browsing(day: date) -> Fact:
    """A member used the mini-program on this day of the mall's, however often."""
    return Fact("browsing", day.isoformat())
