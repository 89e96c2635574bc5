"""From a sum on, what people say of a receipt needs two of them: one checks it, another one agrees.

Claims and photographs go by the same rule; their rows keep who was first, and never let one person be both.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from app.access.audit import Actor
from app.purchases.claims.errors import SecondReaderNeeded
from app.purchases.settings.settings import Settings


class Checked:
    """Columns that say who was the first of two."""

    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None]
    checked_by: Mapped[str | None]


def constraints() -> tuple[CheckConstraint, ...]:
    """The first is known wholly or not at all, and somebody else than who approves."""
    return (
        CheckConstraint("num_nulls(checked_at, checked_by_id, checked_by) IN (0, 3)", name="checked"),
        CheckConstraint("state <> 'approved' OR decided_by_id <> checked_by_id", name="second"),
    )


def is_needed(amount_fen: int, said: Settings, by: Actor, *, first_id: int | None) -> bool:
    """Whether another person has to agree yet; `first_id` checked the same before.

    Raises SecondReaderNeeded when that was this very person.
    """
    if amount_fen < said.photo_second_fen:
        return False
    if first_id is None:
        return True
    if first_id == by.id:
        raise SecondReaderNeeded
    return False


def first_of(by: Actor, *, now: datetime) -> dict[str, object]:
    """The columns, for who checks it now."""
    return {"checked_at": now, "checked_by_id": by.id, "checked_by": by.name}


def unless_alone(row: Checked, by_id: int | None) -> dict[str, object]:
    """What changes of the columns when somebody approves alone what they had checked themselves."""
    is_same = row.checked_by_id is not None and row.checked_by_id == by_id
    return {"checked_at": None, "checked_by_id": None, "checked_by": None} if is_same else {}
