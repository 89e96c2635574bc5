"""What acts of the day change in how many members have which value, until a night knows it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, any_, bindparam, delete, insert, select

from app.kernel.db import db, table_of
from app.lifecycle.stages.models import MemberStage
from app.lifecycle.stages.tallies.counting import VALUES, Near, Tally, count
from app.lifecycle.stages.tallies.models import TallyChange

_CHANGES, _STAGES = map(table_of, (TallyChange, MemberStage))

# What `record` has to know of members.
COLUMNS = tuple(_STAGES.c[name] for name in VALUES)
# The changes that are to be seen.
NUMBERS = select(_CHANGES.c.id)


def went(members: Iterable[Row[Any]]) -> None:
    """These stand nowhere any more, and had these values (`COLUMNS`)."""
    _record(members, -1)


def came_back(members: Iterable[Row[Any]]) -> None:
    """These stand somewhere again, with these values (`COLUMNS`)."""
    _record(members, 1)


def take(near: Near) -> Tally:
    """All of them, which the tally of the day before does not know, for one that does: they are gone then."""
    taken = delete(_CHANGES).returning(*(_CHANGES.c[name] for name in (*VALUES, "members"))).cte("taken")
    return count(taken, near)[0]


def forget(numbers: Sequence[int]) -> None:
    """These were known to whoever counted everybody."""
    seen = any_(bindparam("seen", list(numbers), type_=ARRAY(BigInteger)))
    db.session.execute(delete(_CHANGES).where(_CHANGES.c.id == seen))


def _record(members: Iterable[Row[Any]], number: int) -> None:
    """Whoever bought nothing is counted nowhere."""
    rows = [{name: getattr(one, name) for name in VALUES} | {"members": number} for one in members if one.purchases]
    if rows:
        db.session.execute(insert(_CHANGES), rows)
