"""How much follows from an act that is brought in from elsewhere."""

from datetime import datetime
from enum import StrEnum


class Effects(StrEnum):
    """What follows from a receipt or from joining besides the fact itself and its timeline row."""

    NONE = "none"  # nothing: history that was settled elsewhere
    LEDGER = "ledger"  # points, growth and postings, entered when they come in
    THEN = "then"  # the same, entered at the moment of the act, as if each had come in at once

    def entered_at(self, acted_at: datetime, *, now: datetime) -> datetime:
        """The moment of the entries that follow from an act."""
        return acted_at if self is Effects.THEN else now
