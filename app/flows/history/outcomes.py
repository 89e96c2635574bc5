"""What became of an item of a batch."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from app.kernel.db import db
from app.kernel.errors import DomainError


class Kind(StrEnum):
    """The fate of an item."""

    NEW = "new"
    WAITING = "waiting"  # new, but nobody's yet: a receipt in the inbox
    CORRECTED = "corrected"  # here already, and replaced by what the file says
    KNOWN = "known"  # here already, with the same content
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The fate, and why if it was refused."""

    kind: Kind
    error: DomainError | None = None


NEW = Outcome(Kind.NEW)
WAITING = Outcome(Kind.WAITING)
CORRECTED = Outcome(Kind.CORRECTED)
KNOWN = Outcome(Kind.KNOWN)


def refused(error: DomainError) -> Outcome:
    return Outcome(Kind.REFUSED, error)


def one_by_one(act: Callable[[], Outcome]) -> Outcome:
    """Do one item by ordinary verbs; if it is refused nothing of it stays."""
    savepoint = db.session.begin_nested()
    try:
        outcome = act()
    except DomainError as error:
        savepoint.rollback()
        if error.kind == "busy":
            raise
        return refused(error)
    savepoint.commit()
    return outcome
