"""How much follows from an act that is brought in from elsewhere."""

from enum import StrEnum


class Effects(StrEnum):
    """What follows from a receipt or from joining besides the fact itself and its timeline row."""

    NONE = "none"  # nothing: history that was settled elsewhere
    LEDGER = "ledger"  # points, growth and postings
