"""Working tags out for a day: sums, what follows from them, and of that only what changed is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Select,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from app.identity.models import Member, MemberStatus
from app.identity.profiles import queries as profiles
from app.kernel.db import db, table_of
from app.kernel.fastpath.working_tables import temporary_table
from app.lifecycle.tags.computed import facts_sql, judging_sql, queries, thresholds
from app.lifecycle.tags.computed.errors import TagsWorkedOutLater
from app.lifecycle.tags.computed.facts_sql import Sources
from app.lifecycle.tags.computed.models import MemberTag, TagCount, TagNight
from app.lifecycle.tags.computed.rules import Thresholds

_ROWS, _COUNTS, _MEMBERS = map(table_of, (MemberTag, TagCount, Member))
_KEY, _READ = ("member_id", "kind", "value"), ("home_mall_id", "weight_bps", "evidence")
_STEPS = 20  # weights are written to the twentieth, so that few rows change in a night
_STEP_BPS = 10_000 // _STEPS

_FOUND = temporary_table(
    "found_tags",
    Column("member_id", BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("home_mall_id", BigInteger, nullable=False),
    Column("weight_bps", BigInteger, nullable=False),
    Column("evidence", JSONB, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Done:
    """How many tags members bear by now, how many rows were written because they changed, how many went."""

    tags: int
    written: int
    removed: int


def work_out(as_of: date, sources: Sources, *, anew: bool, now: datetime) -> Done | None:
    """Let every member bear the tags that follow from what they did up to the end of the day.

    Who left, turned out to be another or switched profiling off bears none. A day that was worked out already is
    worked out `anew`, or left alone: None. Raises TagsWorkedOutLater.
    """
    latest = queries.find_night()
    if latest is not None and latest.day > as_of:
        raise TagsWorkedOutLater(day=latest.day)
    rules = thresholds.in_force(as_of)
    if not _take_day(as_of, rules.version_id, anew=anew, now=now):
        return None
    facts_sql.collect(rules.thresholds, as_of=as_of, sources=sources)
    _collect_tags(rules.thresholds)
    removed, written = _remove_others(), _write(as_of)
    _remove_late_leavers()
    tags = db.session.execute(select(func.count()).select_from(_FOUND)).scalar_one()
    _count()
    night = db.session.get_one(TagNight, as_of, populate_existing=True)
    night.tags, night.written, night.removed = tags, written, removed
    db.session.flush()
    return Done(tags, written, removed)


def _take_day(day: date, rules_id: int | None, *, anew: bool, now: datetime) -> bool:
    """Only one works at a day: whoever comes second waits here, and goes on only to do it `anew`."""
    row = {"rules_id": rules_id, "worked_at": now}
    mine = insert(TagNight).values(day=day, tags=0, written=0, removed=0, **row)
    taken = mine.on_conflict_do_update(index_elements=["day"], set_=row) if anew else mine.on_conflict_do_nothing()
    return db.session.execute(taken.returning(TagNight.day)).first() is not None


def _collect_tags(by: Thresholds) -> None:
    """Fill `_FOUND` with the tags of all members who may have any."""
    db.session.execute(text(f"DROP TABLE IF EXISTS {_FOUND.name}"))
    _FOUND.create(db.session.connection(), checkfirst=False)
    one, member = judging_sql.found(by).subquery("found").c, _MEMBERS.c
    weight_bps = cast(func.round(one.weight * _STEPS), BigInteger) * _STEP_BPS
    rows = (
        select(one.member_id, one.kind, one.value, member.home_mall_id, weight_bps, one.evidence)
        .join(_MEMBERS, member.id == one.member_id)
        .where(
            member.status == MemberStatus.MEMBER.value,
            profiles.is_profiled(member.id),
            weight_bps >= max(by.least_weight_bps, 1),
        )
    )
    db.session.execute(_FOUND.insert().from_select([column.name for column in _FOUND.columns], rows))
    db.session.execute(text(f"ANALYZE {_FOUND.name}"))


def _write(as_of: date) -> int:
    """Only what is new or reads otherwise; a row that stays the same is not even locked."""
    known, found = _ROWS.c, _FOUND.c
    differs = tuple_(*(known[name] for name in _READ)).is_distinct_from(tuple_(*(found[name] for name in _READ)))
    rows = (
        select(*found, literal(as_of, Date), literal(as_of, Date))
        .select_from(_FOUND.outerjoin(_ROWS, and_(*(known[name] == found[name] for name in _KEY))))
        .where(or_(known.member_id.is_(None), differs))
    )
    names = [*(column.name for column in found), "since", "worked_out_on"]
    written = insert(_ROWS).from_select(names, rows)
    new = {name: written.excluded[name] for name in (*_READ, "worked_out_on")}
    statement = written.on_conflict_do_update(index_elements=_KEY, set_=new)
    done = db.session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)  # type: ignore[attr-defined]


def _remove_others() -> int:
    """Tags that nothing speaks for any more go."""
    stays = exists().where(and_(*(_FOUND.c[name] == _ROWS.c[name] for name in _KEY)))
    return int(db.session.execute(delete(_ROWS).where(~stays)).rowcount)  # type: ignore[attr-defined]


def _remove_late_leavers() -> None:
    """Who switched profiling off, or left, while the night was counting bears none either."""
    member = _MEMBERS.c
    is_wanted = and_(member.status == MemberStatus.MEMBER.value, profiles.is_profiled(member.id))
    wanted = exists().where(member.id == _ROWS.c.member_id, is_wanted)
    db.session.execute(delete(_ROWS).where(~wanted))


def _count() -> None:
    """Keep how many members of each mall bear each tag."""
    key = (_ROWS.c.home_mall_id, _ROWS.c.kind, _ROWS.c.value)
    counts: Select[Any] = select(*key, func.count()).group_by(*key)
    db.session.execute(delete(_COUNTS))
    db.session.execute(insert(_COUNTS).from_select([column.name for column in _COUNTS.columns], counts))


def forget(member_ids: Sequence[int]) -> None:
    """Take away the tags of members who leave or switched profiling off."""
    db.session.execute(delete(MemberTag).where(MemberTag.member_id.in_(member_ids)))
