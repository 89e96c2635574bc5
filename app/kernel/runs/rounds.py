"""Rounds: work over all members in the order of their numbers, which goes on where it was when a job died.

A package keeps its own table with the columns of `Round`, a row for each round; two workers may do the same members,
so what is done for them must be harmless when done twice.
"""

from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Model, db, table_of


class Round:
    """Columns of a round: how far it is, all members up to `reached_id`, or all there are since `done_at`."""

    reached_id: Mapped[int]
    done_at: Mapped[datetime | None]


class DayRound(Round):
    """A round over what was done on a day, once that is over."""

    day: Mapped[date] = mapped_column(primary_key=True)


def note(model: type[Round], *, reached: int, done_at: datetime | None, **key: Any) -> None:
    """Note how far the round of this key is; whoever was slower than another worker sets nothing back."""
    values = {"reached_id": reached, "done_at": done_at}
    is_behind = model.done_at.is_(None) & (model.reached_id <= reached)
    noted = insert(table_of(cast(type[Model], model))).values(**key, **values)
    db.session.execute(noted.on_conflict_do_update(index_elements=list(key), set_=values, where=is_behind))


def next_day(model: type[DayRound], *, now: datetime) -> tuple[date, int] | None:
    """The first day that is over and not wholly done, with how far it is; None when all are.

    The first of all is yesterday.
    """
    open_day = select(model.day, model.reached_id).where(model.done_at.is_(None)).order_by(model.day).limit(1)
    row = db.session.execute(open_day).first()
    if row is not None:
        return row[0], row[1]
    yesterday, last = clock.business_date(now) - timedelta(days=1), db.session.scalar(select(func.max(model.day)))
    day = yesterday if last is None else last + timedelta(days=1)
    return (day, 0) if day <= yesterday else None
