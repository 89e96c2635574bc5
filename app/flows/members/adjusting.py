"""Points that a person gives a member or takes: at once within the limits, else when a second person agrees."""

from datetime import datetime, timedelta

from app.access import audit, staff_queries
from app.access.audit import Actor
from app.access.models import Role
from app.access.scopes import Place
from app.care import care, facts, requests
from app.care.care import Carer
from app.care.errors import SecondPersonNeeded
from app.care.models import ActKind, CareRequest, RequestStatus
from app.cases import cases
from app.cases.kinds import CaseKind
from app.cases.models import Case
from app.flows.consequences import favours, returning
from app.identity import queries
from app.identity.models import Member
from app.kernel.reasons import Reason
from app.points.ledger import adjustments
from app.points.ledger.models import PointsEntry

APPROVE = "points.approve"
# What the member reads in their points.
_WHY = {
    "complaint": Reason("care_complaint"),
    "missing": Reason("care_missing"),
    "mistake": Reason("care_mistake"),
    "care": Reason("care_care"),
}


def adjust_points(member_id: int, points: int, by: Carer, *, now: datetime) -> PointsEntry | None:
    """Give the member points (> 0), or take some of those they have (< 0); None when it waits for a second person.

    Raises MemberRequired, OwnMembership, InsufficientPoints.
    """
    member = queries.lock_joined(member_id)
    favours.ensure_anothers(member, staff_id=by.staff_id)
    person_ids = queries.list_person_ids(member.id)
    over = care.find_over(person_ids, returning.marks_of(person_ids), by, points=points, now=now)
    if over is None:
        return _adjust(member, points, by, approved_by=None, now=now)
    request = requests.ask(member.id, by, points=points, over=over, now=now)
    cases.raise_case(
        POINTS_ADJUSTMENT,
        requests.subject_of(request),
        mall_id=by.mall_id,
        reason=f"{'give' if points > 0 else 'take'}_{over}",
        facts={"points": f"{abs(points):,}", "asked_by": by.name},
        evidence=[f"member:{member.id}"],
        actor=Actor("staff", by.staff_id, by.name),
        now=now,
    )
    return None


def _adjust(member: Member, points: int, by: Carer, *, approved_by: Actor | None, now: datetime) -> PointsEntry:
    act = care.record(member.id, by, ActKind.POINTS, points=points, approved_by=approved_by, now=now)
    fact, why = facts.act(act.id), _WHY[by.reason]
    return adjustments.adjust(member.id, points=points, reason=why, fact=fact, now=now, mall_id=by.mall_id)


def _approve(case: Case, *, by: Actor, now: datetime) -> None:
    """Do what was asked for. Raises SecondPersonNeeded, Forbidden, RequestDecided and what adjusting refuses."""
    request = _request_for(case, by)
    member = queries.lock_joined(request.member_id)
    favours.ensure_anothers(member, staff_id=by.id or 0)
    asker = Carer(
        staff_id=request.staff_id,
        name=request.staff_name,
        mall_id=request.mall_id,
        reason=request.reason,
        note=request.note,
    )
    _adjust(member, request.points, asker, approved_by=by, now=now)
    _decide(request, RequestStatus.APPROVED, by, now=now)


def _decline(case: Case, *, by: Actor, now: datetime) -> None:
    """Let it be. Raises SecondPersonNeeded, Forbidden; nothing more happens to a request whose member has left."""
    if requests.find_of(case.subject) is not None:
        _decide(_request_for(case, by), RequestStatus.DECLINED, by, now=now)


def _request_for(case: Case, by: Actor) -> CareRequest:
    """The request that waits for this person: another one than who asked, and one who may."""
    request = requests.get_waiting(case.subject)
    if by.id is None or by.id == request.staff_id:
        raise SecondPersonNeeded(asked_by=request.staff_name)
    staff_queries.scope_of(by.id).ensure(APPROVE, Place(mall_id=request.mall_id))
    return request


def _decide(request: CareRequest, status: RequestStatus, by: Actor, *, now: datetime) -> None:
    requests.decide(request, status, by, now=now)
    audit.record(
        by,
        action=f"care.points_{status.value}",
        subject=f"member:{request.member_id}",
        now=now,
        place=Place(mall_id=request.mall_id),
        facts={"points": request.points, "why": request.reason, "asked_by": request.staff_name},
    )


POINTS_ADJUSTMENT = CaseKind(
    code="points_adjustment",
    role=Role.FINANCE,
    within=timedelta(days=2),
    outcomes={"approved": _approve, "declined": _decline},
)
