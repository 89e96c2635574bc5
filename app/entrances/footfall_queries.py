"""Reading footfall for the console: rows with their doors, and the week as one picture."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.entrances.models import Door, Footfall
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of

ORDER = Order(Footfall.day.desc(), Footfall.hour.desc(), Footfall.door_id.desc())


def list_footfall(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Footfall, Door]]:
    """A page of counted hours with their doors, the latest first if not asked otherwise."""
    query = select(Footfall, Door).join(Door, Door.id == Footfall.door_id).where(*wanted)
    return keyset.rows(query, order, asked)


def sum_hours(mall_id: int, *, first: date, last: date) -> dict[tuple[date, int], int]:
    """How many came in by all doors of the mall, by day and hour; hours of which nobody said anything are left out."""
    one = Footfall
    rows = db.session.execute(
        select(one.day, one.hour, func.sum(one.visitors))
        .where(one.mall_id == mall_id, one.day.between(first, last))
        .group_by(one.day, one.hour)
    )
    return {(day, hour): int(visitors) for day, hour, visitors in rows}


def list_doors(mall_id: int) -> Sequence[Door]:
    """The mall's doors by their codes."""
    return db.session.scalars(select(Door).where(Door.mall_id == mall_id).order_by(Door.code)).all()


def get_door(door_id: int, *, visible: ColumnElement[bool]) -> Door:
    """The door if it is visible; raises NotFound."""
    door = db.session.scalar(select(Door).where(Door.id == door_id, visible))
    if door is None:
        raise NotFound(door_id=door_id)
    return door


def names_of(door_ids: Collection[int]) -> dict[int, str]:
    """What doors are called, by number."""
    return labels_of(Door.id, Door.name, door_ids)
