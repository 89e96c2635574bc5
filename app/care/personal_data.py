"""Personal data: notes about a member, and what they were given by hand."""

from typing import Any

from sqlalchemy import Select, select

from app.care.models import CareAct, CareRequest, MemberNote
from app.kernel.personal_data import Ids, Sections


def _notes(ids: Ids) -> Select[Any]:
    one = MemberNote
    return select(one.text, one.written_at).where(one.member_id.in_(ids)).order_by(one.written_at, one.id)


def _acts(ids: Ids) -> Select[Any]:
    one = CareAct
    return (
        select(one.kind, one.points, one.reason, one.note, one.done_at)
        .where(one.member_id.in_(ids))
        .order_by(one.done_at, one.id)
    )


def _requests(ids: Ids) -> Select[Any]:
    one = CareRequest
    return (
        select(one.points, one.reason, one.note, one.status, one.asked_at)
        .where(one.member_id.in_(ids))
        .order_by(one.asked_at, one.id)
    )


SECTIONS: Sections = {
    "notes": _notes,
    "care": _acts,
    "care_requests": _requests,
}
