"""Acts that move a member at once: joining, the first purchase, being found to be another and not to be. They mean the
same under any rules.

Only what is of today does so: a night says where somebody stands who joined or bought on a day that is over. Facts
stay those of the last night, so that the next one adds the day's rows once.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Insert,
    Text,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningInsert

from app.identity.models import Member
from app.kernel.db import db, table_of
from app.kernel.fastpath.prepared import Prepared
from app.lifecycle.stages import day_flows
from app.lifecycle.stages.models import ALL_FACTS, NOWHERE, Activity, MemberStage, Stage, StageChange, Why
from app.lifecycle.stages.tallies import pending

_MEMBERS, _STAGES, _CHANGES = map(table_of, (Member, MemberStage, StageChange))
_WITHOUT_PURCHASE = [stage.value for stage in (Stage.NEW, Stage.WARNING, Stage.SLEEPING, Stage.LOST)]


def join(member_ids: Sequence[int], *, day: date) -> None:
    """Members have joined today: they are new, whether they were known as visitors or not."""
    if member_ids:
        _JOINED.later({"member_ids": list(member_ids), "today": day})


def buy_first(member_ids: Sequence[int], *, day: date) -> None:
    """Members have bought for the first time, and today."""
    if member_ids:
        _BOUGHT_FIRST.later({"member_ids": list(member_ids), "today": day})


def merge(member_id: int, *, day: date) -> dict[str, Any]:
    """A member was found today to be another one: nobody stands under their number any more. The rows that made them
    two are the other's by the next night. Returns where they stood, for `part`; empty where nobody had counted them."""
    own = _STAGES.c
    stood = select(own.since, own.is_plain, *pending.COLUMNS).where(own.member_id == member_id).with_for_update()
    row = db.session.execute(stood).one_or_none()
    if row is None:
        return {}
    pending.went([row])
    change_id = db.session.scalar(_MERGED, {"member_ids": [member_id], "today": day})
    return {"change_id": change_id, "since": row.since.isoformat(), "is_plain": row.is_plain}


def part(member_id: int, stood: Mapping[str, Any]) -> Stage | None:
    """A member is not another one after all: they stand where they stood when they were merged, since the same day, and
    the end that `merge` wrote is taken back. What came in between, the next night counts. Returns where they stand.

    Nothing is done where they were not counted then, or a night has said something of them since. Who stands nowhere
    does so until the next night: where they would have stood is for it to say, with all the facts.
    """
    if stood:
        _restore(member_id, stood)
    stage = db.session.scalar(select(_STAGES.c.stage).where(_STAGES.c.member_id == member_id))
    return None if stage is None else Stage(stage)


def _restore(member_id: int, stood: Mapping[str, Any]) -> None:
    end = _CHANGES.c
    row: dict[str, ColumnElement[Any]] = {
        **{name: end[name] for name in ("member_id", "home_mall_id", *ALL_FACTS)},
        "is_plain": literal(stood["is_plain"], Boolean),
        "stage": end.old_stage,
        "activity": end.old_activity,
        "since": literal(date.fromisoformat(stood["since"]), Date),
    }
    later = aliased(StageChange)
    is_last = ~select(later.id).where(later.member_id == end.member_id, later.id > end.id).exists()
    ended = select(*row.values()).where(end.member_id == member_id, end.id == stood["change_id"], is_last)
    restored = postgresql.insert(_STAGES).from_select(list(row), ended).on_conflict_do_nothing()
    back = db.session.execute(restored.returning(*pending.COLUMNS)).one_or_none()
    if back is not None:
        pending.came_back([back])
        day_flows.take_end_back(member_id, change_id=stood["change_id"])


_TODAY: ColumnElement[date] = bindparam("today", type_=Date)
_IDS: ColumnElement[Any] = bindparam("member_ids", type_=ARRAY(BigInteger))
_NOBODY_S: dict[str, Any] = {
    "joined_on": _TODAY,
    "known_on": _TODAY,
    "last_presence_on": _TODAY,
    "last_behaviour_on": _TODAY,
    "recent_purchases": 0,
    "year_purchases": 0,
    "year_fen": 0,
    "purchases": 0,
    "monetary_fen": 0,
}


def _before() -> CTE:
    """Where the members stood: what a statement reads is what was there before it."""
    own = _STAGES.c
    return select(own.member_id, own.stage, own.activity).where(own.member_id == any_(_IDS)).cte("before")


def _build_joined() -> Insert:
    row: dict[str, ColumnElement[Any]] = {
        "member_id": _MEMBERS.c.id,
        "home_mall_id": _MEMBERS.c.home_mall_id,
        "is_plain": true(),
        **{name: _value(value) for name, value in _NOBODY_S.items()},
        "stage": literal(Stage.NEW.value),
        "activity": literal(Activity.ACTIVE.value),
        "since": _TODAY,
    }
    new = postgresql.insert(_STAGES).from_select(list(row), select(*row.values()).where(_MEMBERS.c.id == any_(_IDS)))
    moved = (
        new.on_conflict_do_update(
            index_elements=["member_id"],
            set_={name: new.excluded[name] for name in ("stage", "activity", "since")},
            where=_STAGES.c.stage == Stage.VISITOR.value,
        )
        .returning(*_STAGES.c)
        .cte("moved")
    )
    return _kept(moved, Why.JOINED, joined_on=_TODAY, known_on=_TODAY)


def _build_bought_first() -> Insert:
    own = _STAGES.c
    moved = (
        update(_STAGES)
        .where(
            own.member_id == any_(_IDS),
            own.stage == any_(literal(_WITHOUT_PURCHASE, ARRAY(Text))),
            own.purchases == 0,
            own.since <= _TODAY,
        )
        .values(stage=Stage.FIRST.value, activity=Activity.ACTIVE.value, since=_TODAY)
        .returning(*own)
        .cte("moved")
    )
    return _kept(moved, Why.BOUGHT, last_purchase_on=_TODAY)


def _build_merged() -> ReturningInsert[tuple[int]]:
    own = delete(_STAGES).where(_STAGES.c.member_id == any_(_IDS)).returning(*_STAGES.c).cte("gone").c
    row: dict[str, ColumnElement[Any]] = {
        **{name: own[name] for name in ("member_id", "home_mall_id", *ALL_FACTS)},
        "day": _TODAY,
        "old_stage": own.stage,
        "stage": literal(NOWHERE),
        "old_activity": own.activity,
        "activity": literal(NOWHERE),
        "why": literal(Why.MERGED.value),
    }
    return insert(_CHANGES).from_select(list(row), select(*row.values())).returning(_CHANGES.c.id)


def _kept(moved: CTE, why: Why, **of_the_act: ColumnElement[date]) -> Insert:
    """The changes of those who moved, with the facts of the last night and those of the act."""
    before, facts = _before(), {name: moved.c[name] for name in ALL_FACTS}
    seen = {"last_presence_on": _TODAY, "last_behaviour_on": _TODAY}
    row: dict[str, ColumnElement[Any]] = {
        "member_id": moved.c.member_id,
        "home_mall_id": moved.c.home_mall_id,
        "day": _TODAY,
        "old_stage": func.coalesce(before.c.stage, NOWHERE),
        "stage": moved.c.stage,
        "old_activity": func.coalesce(before.c.activity, NOWHERE),
        "activity": moved.c.activity,
        "why": literal(why.value),
        **facts,
        **seen,
        **of_the_act,
    }
    rows = moved.outerjoin(before, before.c.member_id == moved.c.member_id)
    return insert(_CHANGES).from_select(list(row), select(*row.values()).select_from(rows))


def _value(value: Any) -> ColumnElement[Any]:
    return literal(value, BigInteger) if isinstance(value, int) else value


_JOINED = Prepared(_build_joined())
_BOUGHT_FIRST = Prepared(_build_bought_first())
_MERGED = _build_merged()
