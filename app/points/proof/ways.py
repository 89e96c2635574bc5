"""The ways in which points come and go: what an entry is to the proof, by its kind, its sign and its reason."""

from collections.abc import Collection
from enum import StrEnum

from app.points.ledger.models import EntryKind

# Why a debt went that nobody paid: the reason of such an entry.
FORGIVEN = "debt_forgiven"


class Way(StrEnum):
    """How points came or went, in the order in which the equation is told."""

    ACCRUED = "accrued"
    TAKEN_BACK = "taken_back"
    ADJUSTED = "adjusted"
    FORGIVEN = "forgiven"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    SPENT = "spent"
    GIVEN_BACK = "given_back"
    EXPIRED = "expired"
    FORFEITED = "forfeited"


# By kind: the way of what is gained, and of what is lost.
_BY_KIND = {
    EntryKind.ACCRUE: (Way.ACCRUED, Way.ACCRUED),
    EntryKind.REDEEM: (Way.SPENT, Way.SPENT),
    EntryKind.REVERSE: (Way.GIVEN_BACK, Way.TAKEN_BACK),
    EntryKind.EXPIRE: (Way.EXPIRED, Way.EXPIRED),
    EntryKind.ADJUST: (Way.ADJUSTED, Way.ADJUSTED),
    EntryKind.FORFEIT: (Way.FORFEITED, Way.FORFEITED),
    EntryKind.MOVE: (Way.MOVED_IN, Way.MOVED_OUT),
}


def way_of(kind: str, *, is_gain: bool, is_forgiven: bool) -> Way:
    """The way of entries of a kind, of one sign, forgiven debts apart."""
    if is_forgiven:
        return Way.FORGIVEN
    gained, lost = _BY_KIND[EntryKind(kind)]
    return gained if is_gain else lost


def kinds() -> Collection[EntryKind]:
    """Every kind that has a way; a test holds that all have."""
    return _BY_KIND.keys()
