"""Questions about everybody's stages: asked, answered one comparison after another, kept for a while, forgotten."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel.db import db
from app.kernel.outbox import Claim
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import questions
from app.lifecycle.restatements.counting import MallMove
from app.lifecycle.restatements.errors import TooManyRestatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Comparison, Question

# Of the lock's two numbers the first says what is locked; the second is the question's.
_EQUAL = 7_203_117
RESTATEMENTS = inquiries.queue_of(Restatement)


class Kind(StrEnum):
    """What is asked for."""

    RULES = "rules"  # who would move if other rules held
    PAST = "past"  # a date restated beside what was said then


def ask(kind: Kind, question: Question, *, by: Asker, now: datetime, since: datetime | None = None) -> Restatement:
    """The question as somebody in the mall asked it since that moment, or anew. Raises TooManyRestatements."""
    known = None if since is None else _find_asked(question, by.mall_id, since)
    if known is not None:
        return known
    wanted = Restatement(
        kind=kind.value,
        fingerprint=questions.fingerprint(question),
        question=questions.as_data(question),
        comparisons=len(question),
        answers=[],
    )
    return inquiries.ask(RESTATEMENTS, wanted, by=by, too_many=TooManyRestatements, now=now)


def _find_asked(question: Question, mall_id: int, since: datetime) -> Restatement | None:
    asked = select(Restatement).where(
        Restatement.fingerprint == questions.fingerprint(question),
        Restatement.mall_id == mall_id,
        Restatement.asked_at >= since,
        Restatement.given_up_at.is_(None),
    )
    return db.session.scalar(asked.order_by(Restatement.asked_at.desc()).limit(1))


def get(mall_id: int, public_id: str, kind: Kind) -> Restatement:
    """What was asked for as this in the mall; raises NotFound."""
    return inquiries.get(Restatement, public_id, Restatement.mall_id == mall_id, Restatement.kind == kind.value)


def list_latest(mall_id: int, kind: Kind, *, now: datetime) -> Sequence[Restatement]:
    """What was asked for last as this in the mall, by whom ever there, the newest first."""
    return inquiries.list_latest(Restatement, mall_id, Restatement.kind == kind.value, now=now)


def find(mall_id: int, public_id: str) -> Restatement | None:
    """What was asked under this id in the mall."""
    return inquiries.find(Restatement, public_id, Restatement.mall_id == mall_id)


def next_comparison(restatement: Restatement) -> Comparison:
    """What is to be counted next of one that is claimed."""
    return questions.read(restatement.question)[len(restatement.answers)]


def wait_for_equal(restatement: Restatement) -> None:
    """Be the only one that counts this question until the transaction ends, whichever malls ask it."""
    db.session.execute(select(func.pg_advisory_xact_lock(_EQUAL, func.hashtext(restatement.fingerprint))))


def take_over(claim: Claim, restatement: Restatement, *, since: datetime, now: datetime) -> bool | None:
    """Keep what is known of an equal question that was asked since then: an answer is about every mall's members.

    None when nothing more is known of any, else as `keep`.
    """
    own, number = Restatement, len(restatement.answers)
    more = select(own.answers).where(
        own.fingerprint == restatement.fingerprint,
        own.asked_at >= since,
        func.jsonb_array_length(own.answers) > number,
    )
    known = db.session.scalar(more.order_by(func.jsonb_array_length(own.answers).desc()).limit(1))
    if known is None:
        return None
    is_next, is_last = func.jsonb_array_length(own.answers) == number, len(known) == restatement.comparisons
    return inquiries.keep(RESTATEMENTS, claim, is_next, is_last=is_last, now=now, answers=literal(known, JSONB()))


def keep(claim: Claim, restatement: Restatement, moves: Sequence[MallMove], *, now: datetime) -> bool:
    """Keep what was counted for the next comparison; the last one ends it.

    False when another worker has it now, or has counted it.
    """
    own, number = Restatement, len(restatement.answers)
    return inquiries.keep(
        RESTATEMENTS,
        claim,
        func.jsonb_array_length(own.answers) == number,
        is_last=number + 1 == restatement.comparisons,
        now=now,
        answers=own.answers.op("||", return_type=JSONB())(literal([[list(move) for move in moves]], JSONB())),
    )


def answers_of(restatement: Restatement) -> list[list[MallMove]]:
    """What is known so far, comparison by comparison."""
    return [[MallMove(*move) for move in moves] for moves in restatement.answers]


def sweep(*, now: datetime) -> int:
    """Forget what was kept long enough; returns how many."""
    return inquiries.sweep(Restatement, now=now)
