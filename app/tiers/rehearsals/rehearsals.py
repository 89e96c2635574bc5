"""Rehearsals: asked, counted one page of members after another, kept. Those of published ladders stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.outbox import Claim, Pauses, Queue
from app.kernel.security import codes
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.rules import Ladder
from app.tiers.rehearsals import counting
from app.tiers.rehearsals.counting import Group, Page
from app.tiers.rehearsals.errors import TooManyTierRehearsals
from app.tiers.rehearsals.models import TierRehearsal

KEPT_FOR = timedelta(days=30)
MOST_WAITING = 3
PAGE = 5_000
REHEARSALS = Queue(
    TierRehearsal,
    lease=timedelta(minutes=2),
    pauses=Pauses(first=timedelta(seconds=30), longest=timedelta(minutes=5), most_attempts=3),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks."""

    staff_id: int
    name: str


def ask(ladder: Ladder, *, by: Asker, now: datetime) -> TierRehearsal:
    """Rehearse a ladder with everybody as they stand. Raises LadderInvalid and TooManyTierRehearsals."""
    before = ladders.in_force(clock.business_date(now))
    ladders.ensure_sound(ladder, standing={rung.code: rung.name for rung in ladders.list_dated()[0].ladder.rungs})
    waiting = select(func.count()).where(TierRehearsal.staff_id == by.staff_id, outbox.is_waiting(REHEARSALS))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyTierRehearsals(most=MOST_WAITING)
    asked = TierRehearsal(
        public_id=codes.new_public_id(),
        old_document=documents.to_document(before),
        document=documents.to_document(ladder),
        members=counting.count_members(),
        counted=0,
        reached_id=0,
        result=[],
        asked_at=now,
        staff_id=by.staff_id,
        staff_name=by.name,
        due_at=now,
        attempts=0,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def get(public_id: str) -> TierRehearsal:
    """What was asked for as this; raises NotFound."""
    found = db.session.scalar(select(TierRehearsal).where(TierRehearsal.public_id == public_id))
    if found is None:
        raise NotFound(rehearsal=public_id)
    return found


def groups_of(rehearsal: TierRehearsal) -> list[Group]:
    """What is known so far."""
    return [Group(*one) for one in rehearsal.result]


def note_published(rehearsal: TierRehearsal, version_id: int) -> None:
    """Keep it with the ladder that was published after it."""
    rehearsal.version_id = version_id
    db.session.flush()


def claim_due(*, now: datetime, public_id: str | None = None) -> TierRehearsal | None:
    """One that is to be counted, or that one if it is, for one page of one worker."""
    wanted = () if public_id is None else (TierRehearsal.public_id == public_id,)
    rows: Sequence[TierRehearsal] = outbox.claim(REHEARSALS, *wanted, now=now, limit=1)
    return rows[0] if rows else None


def count_next(rehearsal: TierRehearsal, *, now: datetime) -> Page:
    """The next page of one that is claimed."""
    ladder = documents.to_ladder(rehearsal.document)
    return counting.count_page(ladder, after=rehearsal.reached_id, now=now, limit=PAGE)


def keep(claim: Claim, page: Page, *, after: int, now: datetime) -> bool:
    """Keep what was counted of the page behind a number; a short one ends it. False when another worker has it now."""
    (rehearsal_id,) = claim.key
    own = TierRehearsal
    row = db.session.get_one(own, rehearsal_id)
    is_held = outbox.is_waiting(REHEARSALS) & (own.attempts == claim.attempt)
    kept = db.session.scalar(
        update(own)
        .where(own.id == rehearsal_id, is_held, own.reached_id == after)
        .values(
            result=[list(one) for one in counting.merged(row.result, page.groups)],
            reached_id=page.last_id,
            counted=own.counted + page.looked_at,
            due_at=now,
            attempts=0,
            last_error=None,
        )
        .returning(own.id)
        .execution_options(synchronize_session=False)
    )
    if kept is not None and page.looked_at < PAGE:
        outbox.finish(REHEARSALS, claim, now=now)
    return kept is not None


def postpone(claim: Claim, *, error: str, now: datetime) -> bool:
    """It could not be counted now; returns whether it was given up."""
    return outbox.postpone(REHEARSALS, claim, error=error, now=now)


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough and led to no ladder; returns how many."""
    own = TierRehearsal
    old = delete(own).where(own.asked_at < now - KEPT_FOR, own.version_id.is_(None))
    return len(db.session.scalars(old.returning(own.id)).all())
