"""Reading cases: the queue, one case with its history, who could work on it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.access.models import Role, Staff, StaffRole
from app.cases.kinds import CaseKind
from app.cases.models import Case, CaseStep
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of

IS_OPEN = Case.outcome.is_(None)
QUEUE_ORDER = Order(Case.due_at, Case.id)  # what is due first stands first


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Open cases: the person's own, those of their teams, and how many of these nobody has taken or are overdue."""

    mine: int
    team: int
    waiting: int
    overdue: int


def list_cases(
    *wanted: ColumnElement[bool], order: Order = QUEUE_ORDER, asked: Asked = FIRST
) -> Page[tuple[Case, Staff]]:
    """A page of cases with who works on them or answered them (None: nobody), the first due first if not asked
    otherwise.
    """
    query = select(Case, Staff).outerjoin(Staff, Staff.id == Case.owner_id).where(*wanted)
    return keyset.rows(query, order, asked)


def find_last_open(*wanted: ColumnElement[bool]) -> Case | None:
    """Of the open cases the one that is due last."""
    order = QUEUE_ORDER.clauses(back=True)
    return db.session.scalars(select(Case).where(IS_OPEN, *wanted).order_by(*order).limit(1)).first()


def count_open(*visible: ColumnElement[bool], roles: Collection[Role], staff_id: int, now: datetime) -> Counts:
    """What of the visible cases is open for somebody of these teams."""
    own, team = Case.owner_id == staff_id, of_team(roles)
    row = db.session.execute(
        select(
            func.count().filter(own),
            func.count().filter(team),
            func.count().filter(team, Case.owner_id.is_(None)),
            func.count().filter(or_(own, team), Case.due_at < now),
        ).where(IS_OPEN, *visible)
    ).one()
    return Counts(mine=row[0], team=row[1], waiting=row[2], overdue=row[3])


def of_team(roles: Collection[Role]) -> ColumnElement[bool]:
    """The condition that a case waits for, or was worked on by, one of these teams."""
    return Case.role.in_([role.value for role in roles])


def get_case(public_id: str, *, visible: ColumnElement[bool]) -> Case:
    """The case; raises NotFound unless it is visible."""
    case = db.session.scalar(select(Case).where(Case.public_id == public_id, visible))
    if case is None:
        raise NotFound(case=public_id)
    return case


def lock_case(case_id: int) -> Case:
    """The case FOR UPDATE as it is now."""
    return db.session.scalars(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    ).one()


def list_steps(case_id: int) -> Sequence[CaseStep]:
    """What happened to the case, in order."""
    return db.session.scalars(select(CaseStep).where(CaseStep.case_id == case_id).order_by(CaseStep.id)).all()


def name_owner(case: Case) -> str:
    """Who works on the case or answered it; empty for nobody."""
    return (db.session.scalar(select(Staff.name).where(Staff.id == case.owner_id)) or "") if case.owner_id else ""


def list_colleagues(mall_id: int, *, role: Role) -> Sequence[Staff]:
    """Who could work on a case of the team in the mall, by name: its people, and administrators."""
    works_there = select(StaffRole.staff_id).where(
        StaffRole.role.in_([role.value, Role.ADMINISTRATOR.value]),
        or_(StaffRole.mall_id == mall_id, StaffRole.mall_id.is_(None)),
        and_(StaffRole.merchant_id.is_(None), StaffRole.store_id.is_(None)),
    )
    return db.session.scalars(
        select(Staff).where(Staff.id.in_(works_there), Staff.active).order_by(Staff.name, Staff.id)
    ).all()


def list_open_subjects(kind: str) -> set[str]:
    """What open cases of the kind are about."""
    return set(db.session.scalars(select(Case.subject).where(Case.kind == kind, IS_OPEN)))


def find_last(kind: str, subject: str) -> Case | None:
    """The case of the kind that was raised last about the subject, open or answered."""
    about = select(Case).where(Case.kind == kind, Case.subject == subject)
    return db.session.scalar(about.order_by(Case.raised_at.desc(), Case.id.desc()).limit(1))


def list_open_reasons(kind: str) -> dict[str, str]:
    """What open cases of the kind are about, each with why it was raised."""
    rows = db.session.execute(select(Case.subject, Case.reason).where(Case.kind == kind, IS_OPEN))
    return {row.subject: row.reason for row in rows}


def kinds_of(case_ids: Collection[int]) -> dict[int, str]:
    """Codes of kinds by id."""
    return labels_of(Case.id, Case.kind, case_ids)


def list_new(kind: CaseKind, subjects: Collection[str], *, limit: int) -> list[str]:
    """The first of the subjects that no case of the kind was ever about."""
    return sorted(set(subjects) - list_known(kind.code, subjects))[:limit]


def list_known(kind: str, subjects: Collection[str]) -> set[str]:
    """Those of the subjects that cases of the kind were ever about, open or answered."""
    known = select(Case.subject).where(Case.kind == kind, Case.subject.in_(list(subjects)))
    return set(db.session.scalars(known.distinct()))
