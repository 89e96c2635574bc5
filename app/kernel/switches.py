"""On or off: one conditional update decides whether a press changed anything, so that two presses are one act."""

from typing import Protocol, cast

from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import Model, db


class Switchable(Protocol):
    """A row that is in force or not."""

    id: int
    active: bool


def switch(row: Switchable, *, active: bool) -> bool:
    """Switch a row on or off; False when it was so already, by whoever was first."""
    model = cast(type[Model], type(row))
    number = cast(InstrumentedAttribute[int], model.id)  # type: ignore[attr-defined]
    is_active = cast(InstrumentedAttribute[bool], model.active)  # type: ignore[attr-defined]
    changed = db.session.execute(
        update(model)
        .where(number == row.id, is_active.is_not(active))
        .values(active=active)
        .returning(number)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.refresh(row, ["active"])
    return changed is not None
