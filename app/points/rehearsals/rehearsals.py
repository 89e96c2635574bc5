"""Rehearsals: asked, planned, counted one part after another, kept. Those of published versions stay."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.outbox import Claim, Pauses, Queue
from app.kernel.security import codes
from app.points.earning import documents, rule_sets
from app.points.earning.rules import Rules
from app.points.rehearsals.errors import TooManyRehearsals
from app.points.rehearsals.models import EarningRehearsal
from app.points.rehearsals.results import Result

DAYS = 90
KEPT_FOR = timedelta(days=30)
MOST_WAITING = 3
REHEARSALS = Queue(
    EarningRehearsal,
    lease=timedelta(minutes=2),
    pauses=Pauses(first=timedelta(seconds=30), longest=timedelta(minutes=5), most_attempts=3),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The members of a part: numbers above `after` up to `last`; None where it has no end that way."""

    number: int
    after: int | None
    last: int | None


def ask(mall_id: int, rules: Rules, *, by: Asker, now: datetime) -> EarningRehearsal:
    """Rehearse rules with the days that are over. Raises EarningRulesInvalid and TooManyRehearsals."""
    rule_sets.ensure_sensible(rules)
    waiting = select(func.count()).where(EarningRehearsal.staff_id == by.staff_id, outbox.is_waiting(REHEARSALS))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyRehearsals(most=MOST_WAITING)
    today = clock.business_date(now)
    asked = EarningRehearsal(
        public_id=codes.new_public_id(),
        mall_id=mall_id,
        old_document=documents.to_document(rule_sets.in_force(mall_id, today)),
        document=documents.to_document(rules),
        first_day=today - timedelta(days=DAYS),
        last_day=today - timedelta(days=1),
        bounds=None,
        counted=0,
        result={},
        asked_at=now,
        staff_id=by.staff_id,
        staff_name=by.name,
        due_at=now,
        attempts=0,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def get(mall_id: int, public_id: str) -> EarningRehearsal:
    """One of a mall; raises NotFound."""
    own = EarningRehearsal
    found = db.session.scalar(select(own).where(own.public_id == public_id, own.mall_id == mall_id))
    if found is None:
        raise NotFound(rehearsal=public_id)
    return found


def list_of(version_ids: Collection[int]) -> dict[int, EarningRehearsal]:
    """The rehearsal that a version was published after, by the version; the latest where there are several."""
    own = EarningRehearsal
    rows = db.session.scalars(select(own).where(own.version_id.in_(version_ids)).order_by(own.id))
    return {row.version_id: row for row in rows if row.version_id is not None}


def note_published(rehearsal: EarningRehearsal, version_id: int) -> None:
    """Keep it with the version that was published after it."""
    rehearsal.version_id = version_id
    db.session.flush()


def claim_due(*, now: datetime, public_id: str | None = None) -> EarningRehearsal | None:
    """One that is to be counted, or that one if it is, for one part of one worker."""
    wanted = () if public_id is None else (EarningRehearsal.public_id == public_id,)
    rows: Sequence[EarningRehearsal] = outbox.claim(REHEARSALS, *wanted, now=now, limit=1)
    return rows[0] if rows else None


def next_part(rehearsal: EarningRehearsal) -> Part:
    """What is to be counted next of one that is planned."""
    ends = [None, *map(int, rehearsal.bounds or ()), None]
    number = rehearsal.counted
    return Part(number=number, after=ends[number], last=ends[number + 1])


def parts_of(rehearsal: EarningRehearsal) -> int | None:
    """Of how many parts it is; None before it is planned."""
    return None if rehearsal.bounds is None else len(rehearsal.bounds) + 1


def plan(claim: Claim, bounds: Sequence[int], *, now: datetime) -> bool:
    """Say into which parts the members fall; False when another worker has it now."""
    return _keep(claim, 0, {"bounds": [str(bound) for bound in bounds]}, now=now)


def keep(claim: Claim, result: Result, *, part: Part, parts: int, now: datetime) -> bool:
    """Keep the result with this part in it; the last one ends it. False when another worker has it now."""
    kept = _keep(claim, part.number, {"counted": part.number + 1, "result": result.as_data()}, now=now)
    if kept and part.number + 1 == parts:
        outbox.finish(REHEARSALS, claim, now=now)
    return kept


def _keep(claim: Claim, counted: int, values: dict[str, Any], *, now: datetime) -> bool:
    (rehearsal_id,) = claim.key
    own = EarningRehearsal
    is_held = outbox.is_waiting(REHEARSALS) & (own.attempts == claim.attempt)
    kept = db.session.execute(
        update(own)
        .where(own.id == rehearsal_id, is_held, own.counted == counted)
        .values(due_at=now, attempts=0, last_error=None, **values)
        .returning(own.id)
        .execution_options(synchronize_session=False)
    ).first()
    return kept is not None


def postpone(claim: Claim, *, error: str, now: datetime) -> bool:
    """It could not be counted now; returns whether it was given up."""
    return outbox.postpone(REHEARSALS, claim, error=error, now=now)


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough and led to no version; returns how many."""
    own = EarningRehearsal
    old = delete(own).where(own.asked_at < now - KEPT_FOR, own.version_id.is_(None))
    return len(db.session.scalars(old.returning(own.id)).all())
