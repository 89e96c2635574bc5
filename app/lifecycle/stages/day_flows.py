"""How many members went from where to where on each day (`StageFlow`): every change is added once and stays.

A night adds those of its day. Who leaves takes the changes along, so those that no night has added yet are added then;
only the end of a member who is parted from another again is taken out.
Which of the two it is must not change in between: both hold a lock, leavers together, a night alone until it commits.
"""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, and_, any_, bindparam, case, delete, func, select, update
from sqlalchemy.dialects import postgresql

from app.kernel.db import db, table_of
from app.lifecycle.stages.models import LEFT, NOWHERE, LifecycleNight, MemberStage, StageChange, StageFlow
from app.lifecycle.stages.moved import joined_unseen
from app.lifecycle.stages.tallies import pending

_STAGES, _CHANGES, _FLOWS = map(table_of, (MemberStage, StageChange, StageFlow))
_KEY = ("day", "home_mall_id", "old_stage", "stage")
_SUMS = ("members", "joined")
_LOCK = 7_203_115  # an advisory lock, because of days that nobody has added there is no row

# A change: day, home mall, old stage, stage, and 1 for who joined by it without having been seen.
_Change = tuple[date, int, str, str, int]


def add(first: date, last: date) -> None:
    """Add what changed on these days, at night and by acts; nobody has added them before."""
    _wait_for_leavers()
    _add(postgresql.insert(_FLOWS).from_select([*_KEY, *_SUMS], _found(first, last)))


def count_came(*, after: date) -> int:
    """How many more members stand somewhere now than at the end of a day after which nobody added any."""
    flow, change = _FLOWS.c, _CHANGES.c
    left = case((flow.old_stage == NOWHERE, flow.members), (flow.stage.in_((NOWHERE, LEFT)), -flow.members), else_=0)
    moved = case((change.old_stage == NOWHERE, 1), (change.stage == NOWHERE, -1), else_=0)
    sums = (select(func.sum(left)).where(flow.day > after), select(func.sum(moved)).where(change.day > after))
    return sum(int(db.session.scalar(one) or 0) for one in sums)


def take_back(day: date) -> None:
    """Take away what was added of a day, before more changes of it are written and all of them are added."""
    _wait_for_leavers()
    found = _found(day, day).subquery("found")
    same = and_(*(_FLOWS.c[name] == found.c[name] for name in _KEY))
    db.session.execute(update(_FLOWS).where(same).values({name: _FLOWS.c[name] - found.c[name] for name in _SUMS}))


def leave(member_ids: Sequence[int], *, day: date) -> None:
    """Members leave: the sums count that they did, and nothing else says any more where they stood."""
    whose = bindparam("leavers", list(member_ids), type_=ARRAY(BigInteger))
    own, change = _STAGES.c, _CHANGES.c
    gone = delete(_STAGES).where(own.member_id == any_(whose))
    stood = db.session.execute(gone.returning(own.home_mall_id, own.stage, *pending.COLUMNS)).all()
    pending.went(stood)
    left: list[_Change] = [(day, row.home_mall_id, row.stage, LEFT, 0) for row in stood if row.stage != NOWHERE]
    # Only now: a night that has moved them is waited for by their rows, and must be able to add meanwhile.
    added_until = _hold_off_nights()
    went = delete(_CHANGES).where(change.member_id == any_(whose))
    moved = db.session.execute(went.returning(*(change[name] for name in _KEY), _joined())).tuples()
    _add_each([*left, *(one for one in moved if one[0] > added_until and one[2] != one[3])])


def take_end_back(member_id: int, *, change_id: int) -> None:
    """A member did not end with a change after all: it is deleted, and taken out of the sums where a night added it."""
    added_until = _hold_off_nights()
    change = _CHANGES.c
    went = delete(_CHANGES).where(change.member_id == member_id, change.id == change_id)
    for places in db.session.execute(went.returning(*(change[name] for name in _KEY))).all():
        if places.day <= added_until:
            same = and_(*(_FLOWS.c[name] == getattr(places, name) for name in _KEY))
            db.session.execute(update(_FLOWS).where(same).values(members=_FLOWS.c.members - 1))


def _hold_off_nights() -> date:
    """Until which day changes have been added, which no night alters before this transaction is over."""
    db.session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))
    return db.session.scalar(select(func.max(LifecycleNight.day))) or date.min


def _wait_for_leavers() -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _found(first: date, last: date) -> Select[Any]:
    """The sums of the changes that there are of these days."""
    one = _CHANGES.c
    places = [one[name] for name in _KEY]
    return (
        select(*places, func.count().label("members"), func.sum(_joined()).label("joined"))
        .where(one.day.between(first, last), one.old_stage != one.stage)
        .group_by(*places)
    )


def _joined() -> Any:
    return case((joined_unseen(_CHANGES.c), 1), else_=0)


def _add_each(changes: list[_Change]) -> None:
    """In one order for all who leave, so that none waits for another in turn."""
    rows = [
        dict(zip(_KEY, places, strict=True), members=len(alike := list(found)), joined=sum(one[4] for one in alike))
        for places, found in groupby(sorted(changes), key=lambda change: change[:4])
    ]
    if rows:
        _add(postgresql.insert(_FLOWS), rows)


def _add(written: postgresql.Insert, rows: Sequence[dict[str, Any]] | None = None) -> None:
    added = {name: _FLOWS.c[name] + written.excluded[name] for name in _SUMS}
    db.session.execute(written.on_conflict_do_update(index_elements=_KEY, set_=added), rows)
