"""Questions about everybody's stages: asked, answered one comparison after another, kept for a while, forgotten.

Whoever works one out claims it for a single comparison; what is counted is kept with it, and the rest is due at once.
So it goes on where it was when a worker dies, and no long one keeps the others waiting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel import outbox
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.outbox import Claim, Pauses, Queue
from app.kernel.security import codes
from app.lifecycle.restatements import questions
from app.lifecycle.restatements.counting import MallMove
from app.lifecycle.restatements.errors import TooManyRestatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Comparison, Question

KEPT_FOR = timedelta(days=30)
MOST_WAITING = 3
# One comparison of very many members takes minutes, in which its worker renews the lease; one that died does not.
RESTATEMENTS = Queue(
    Restatement,
    lease=timedelta(minutes=1),
    pauses=Pauses(first=timedelta(seconds=30), longest=timedelta(minutes=5), most_attempts=3),
)


class Kind(StrEnum):
    """What is asked for."""

    RULES = "rules"  # who would move if other rules held
    PAST = "past"  # a date restated beside what was said then


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks."""

    staff_id: int
    name: str


def ask(kind: Kind, question: Question, *, by: Asker, now: datetime, since: datetime | None = None) -> Restatement:
    """The question as somebody asked it since that moment, or anew. Raises TooManyRestatements."""
    known = None if since is None else _find_asked(question, since)
    if known is not None:
        return known
    waiting = select(func.count()).where(Restatement.staff_id == by.staff_id, outbox.is_waiting(RESTATEMENTS))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyRestatements(most=MOST_WAITING)
    asked = Restatement(
        public_id=codes.new_public_id(),
        kind=kind.value,
        fingerprint=questions.fingerprint(question),
        question=questions.as_data(question),
        comparisons=len(question),
        answers=[],
        asked_at=now,
        staff_id=by.staff_id,
        staff_name=by.name,
        due_at=now,
        attempts=0,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def _find_asked(question: Question, since: datetime) -> Restatement | None:
    asked = select(Restatement).where(
        Restatement.fingerprint == questions.fingerprint(question),
        Restatement.asked_at >= since,
        Restatement.given_up_at.is_(None),
    )
    return db.session.scalar(asked.order_by(Restatement.asked_at.desc()).limit(1))


def get(public_id: str, kind: Kind) -> Restatement:
    """What was asked for as this; raises NotFound."""
    found = find(public_id)
    if found is None or found.kind != kind:
        raise NotFound(restatement=public_id)
    return found


def find(public_id: str) -> Restatement | None:
    """What was asked under this id."""
    return db.session.scalar(select(Restatement).where(Restatement.public_id == public_id))


def claim_due(*, now: datetime, public_id: str | None = None) -> Restatement | None:
    """One that is to be worked out, or that one if it is, for one comparison of one worker."""
    wanted = () if public_id is None else (Restatement.public_id == public_id,)
    rows: Sequence[Restatement] = outbox.claim(RESTATEMENTS, *wanted, now=now, limit=1)
    return rows[0] if rows else None


def next_comparison(restatement: Restatement) -> Comparison:
    """What is to be counted next of one that is claimed."""
    return questions.read(restatement.question)[len(restatement.answers)]


def keep(claim: Claim, moves: Sequence[MallMove], *, number: int, now: datetime) -> bool:
    """Keep what was counted for the comparison with this number, the first being 0; the last one ends it.

    False when another worker has it now, or has counted it.
    """
    (restatement_id,) = claim.key
    own, counted = Restatement, func.jsonb_array_length(Restatement.answers)
    is_held = outbox.is_waiting(RESTATEMENTS) & (own.attempts == claim.attempt)
    kept = db.session.execute(
        update(own)
        .where(own.id == restatement_id, is_held, counted == number)
        .values(
            answers=own.answers.op("||", return_type=JSONB())(literal([[list(move) for move in moves]], JSONB())),
            due_at=now,
            attempts=0,
            last_error=None,
        )
        .returning(counted, own.comparisons)
        .execution_options(synchronize_session=False)
    ).first()
    if kept is not None and kept[0] == kept[1]:
        outbox.finish(RESTATEMENTS, claim, now=now)
    return kept is not None


def postpone(claim: Claim, *, error: str, now: datetime) -> bool:
    """It could not be counted now; returns whether it was given up."""
    return outbox.postpone(RESTATEMENTS, claim, error=error, now=now)


def answers_of(restatement: Restatement) -> list[list[MallMove]]:
    """What is known so far, comparison by comparison."""
    return [[MallMove(*move) for move in moves] for moves in restatement.answers]


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough; returns how many."""
    old = delete(Restatement).where(Restatement.asked_at < now - KEPT_FOR)
    return len(db.session.scalars(old.returning(Restatement.id)).all())
