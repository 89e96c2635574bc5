"""Asking a second person to adjust a member's points, and their answer."""

from datetime import datetime

from sqlalchemy import select

from app.access.audit import Actor
from app.care.care import Carer
from app.care.errors import RequestDecided
from app.care.models import CareRequest, RequestStatus
from app.kernel.db import db

_KIND = "care_request"


def ask(member_id: int, by: Carer, *, points: int, over: str, now: datetime) -> CareRequest:
    """Keep what the person wants to give (> 0) or take (< 0), and which limit it is over."""
    request = CareRequest(
        member_id=member_id,
        mall_id=by.mall_id,
        points=points,
        reason=by.reason,
        note=by.note,
        over=over,
        staff_id=by.staff_id,
        staff_name=by.name,
        asked_at=now,
        status=RequestStatus.WAITING.value,
    )
    db.session.add(request)
    db.session.flush()
    return request


def subject_of(request: CareRequest) -> str:
    """What a case about the request is about."""
    return f"{_KIND}:{request.member_id}-{request.id}"


def find_of(subject: str) -> CareRequest | None:
    """The request that a case is about; None when its member has left."""
    member_id, _, request_id = subject.removeprefix(f"{_KIND}:").partition("-")
    return db.session.scalar(
        select(CareRequest).where(CareRequest.member_id == int(member_id), CareRequest.id == int(request_id))
    )


def get_waiting(subject: str) -> CareRequest:
    """The request of a case, locked. Raises RequestDecided when it is gone or answered."""
    found = find_of(subject)
    if found is None:
        raise RequestDecided
    db.session.refresh(found, with_for_update=True)
    if found.status != RequestStatus.WAITING.value:
        raise RequestDecided
    return found


def decide(request: CareRequest, status: RequestStatus, by: Actor, *, now: datetime) -> None:
    """Keep a second person's answer to a locked request."""
    request.status, request.decided_at = status.value, now
    request.decided_by_id, request.decided_by = by.id, by.name
    db.session.flush()
