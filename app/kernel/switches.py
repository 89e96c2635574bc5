"""Whether a press changed anything: what is on already, or said already, is so once; two presses are one act."""

from typing import Any, Protocol, cast

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


def assign(row: Model, **values: Any) -> bool:
    """Give a row the values; False when it had them already, from whoever was first.

    It is locked against others who change it, not against those who refer to it, and looked at again.
    """
    db.session.refresh(row, with_for_update={"key_share": True})
    changed = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    db.session.flush()
    return changed
