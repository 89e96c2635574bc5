"""The life of a case: raised once, taken by one person, answered by them, handed on, reopened. Each leaves a step."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.access import audit
from app.access.audit import Actor
from app.access.models import Role
from app.cases import queries
from app.cases.errors import (
    CaseAnswered,
    CaseNotAnswered,
    CaseNotTaken,
    CaseOpenAgain,
    CaseTaken,
    NobodyToHandTo,
    OutcomeUnknown,
)
from app.cases.kinds import CaseKind, all_kinds
from app.cases.models import SETTLED_ITSELF, Case, CaseStep, Status, Step
from app.kernel.db import db, violates
from app.kernel.security import codes


def raise_case(
    kind: CaseKind,
    subject: str,
    *,
    mall_id: int,
    reason: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    evidence: Sequence[str] = (),
    actor: Actor = audit.SYSTEM,
) -> bool:
    """Ask people about the subject; False when the same is asked already. Hand in no personal data."""
    made = db.session.scalar(
        insert(Case)
        .values(
            public_id=codes.new_public_id(),
            kind=kind.code,
            subject=subject,
            reason=reason,
            facts=dict(facts or {}),
            evidence=list(evidence),
            mall_id=mall_id,
            role=kind.role.value,
            raised_at=now,
            due_at=now + kind.within,
        )
        .on_conflict_do_nothing(index_elements=["kind", "subject"], index_where=Case.outcome.is_(None))
        .returning(Case.id)
    )
    if made is None:
        return False
    _note(made, Step.RAISED, actor, now=now)
    return True


def restate(
    kind: CaseKind, subject: str, *, reason: str, facts: Mapping[str, Any], evidence: Sequence[str] | None = None
) -> bool:
    """Give the open question about the subject another reason, and other evidence if given; False when none is open."""
    open_case = (Case.kind == kind.code) & (Case.subject == subject) & Case.outcome.is_(None)
    told: dict[str, Any] = {"reason": reason, "facts": dict(facts)}
    if evidence is not None:
        told["evidence"] = list(evidence)
    changed = db.session.execute(update(Case).where(open_case).values(told).returning(Case.id))
    return changed.first() is not None


def settle_itself(kind: CaseKind, subject: str, *, now: datetime) -> bool:
    """What the open question was about is in order without anybody's answer; False when none is open."""
    open_case = (Case.kind == kind.code) & (Case.subject == subject) & Case.outcome.is_(None)
    settled = db.session.execute(
        update(Case).where(open_case).values(outcome=SETTLED_ITSELF, answered_at=now).returning(Case.id)
    ).first()
    if settled is None:
        return False
    _note(settled.id, Step.ANSWERED, audit.SYSTEM, now=now, facts={"outcome": SETTLED_ITSELF})
    return True


def take(case_id: int, by: Actor, *, now: datetime) -> bool:
    """Let the person work on a waiting case; False for theirs already. Raises CaseTaken, CaseAnswered.

    The condition of the update decides between two who take it at once.
    """
    taken = db.session.execute(
        update(Case)
        .where(Case.id == case_id, Case.owner_id.is_(None), Case.outcome.is_(None))
        .values(owner_id=by.id)
        .returning(Case.id)
    ).first()
    if taken is not None:
        _note(case_id, Step.TAKEN, by, now=now)
        return True
    case = queries.lock_case(case_id)
    _ensure_open(case)
    if case.owner_id != by.id:
        raise CaseTaken(owner=queries.name_owner(case))
    return False


def answer(case_id: int, outcome: str, by: Actor, *, note: str, now: datetime) -> Case:
    """Close the person's own case with one of its kind's outcomes, and do what the outcome says.

    Raises CaseAnswered, CaseNotTaken, OutcomeUnknown, and whatever the outcome's act refuses.
    """
    case = queries.lock_case(case_id)
    _ensure_open(case)
    if case.owner_id != by.id:
        raise CaseNotTaken
    outcomes = all_kinds()[case.kind].outcomes
    if outcome not in outcomes:
        raise OutcomeUnknown
    case.outcome, case.answered_at = outcome, now
    db.session.flush()
    _note(case.id, Step.ANSWERED, by, now=now, note=note, facts={"outcome": outcome})
    act = outcomes[outcome]
    if act is not None:
        act(case, by=by, now=now)
    return case


def hand_to_team(case_id: int, role: Role, by: Actor, *, note: str, now: datetime) -> Case:
    """Let the case wait for a team, also for its own one; raises CaseAnswered."""
    case = queries.lock_case(case_id)
    _ensure_open(case)
    case.role, case.owner_id = role.value, None
    db.session.flush()
    _note(case.id, Step.HANDED_ON, by, now=now, note=note, facts={"role": role.value})
    return case


def hand_to_person(case_id: int, staff_id: int, by: Actor, *, note: str, now: datetime) -> Case:
    """Let a colleague of the team work on the case, or oneself instead of them; raises CaseAnswered, NobodyToHandTo."""
    case = queries.lock_case(case_id)
    _ensure_open(case)
    colleagues = {person.id: person.name for person in queries.list_colleagues(case.mall_id, role=Role(case.role))}
    if staff_id not in colleagues:
        raise NobodyToHandTo
    case.owner_id = staff_id
    db.session.flush()
    _note(case.id, Step.HANDED_ON, by, now=now, note=note, facts={"person": colleagues[staff_id]})
    return case


def reopen(case_id: int, by: Actor, *, note: str, now: datetime) -> Case:
    """Ask an answered case again, of the person who reopens it; what the answer did stays done.

    Raises CaseNotAnswered, and CaseOpenAgain when the same question is open as another case.
    """
    case = queries.lock_case(case_id)
    if case.status is not Status.ANSWERED:
        raise CaseNotAnswered
    try:
        with db.session.begin_nested():
            case.outcome, case.answered_at, case.owner_id = None, None, by.id
            case.due_at = now + all_kinds()[case.kind].within
    except IntegrityError as error:
        if violates(error, "uq_cases_open"):
            raise CaseOpenAgain from error
        raise
    _note(case.id, Step.REOPENED, by, now=now, note=note)
    return case


def _ensure_open(case: Case) -> None:
    if case.status is Status.ANSWERED:
        raise CaseAnswered


def _note(
    case_id: int, step: Step, actor: Actor, *, now: datetime, note: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    db.session.add(
        CaseStep(
            case_id=case_id,
            step=step.value,
            at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            facts=dict(facts or {}),
            note=note,
        )
    )
    db.session.flush()
