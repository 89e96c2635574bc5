"""Reading what was done for a member by hand, and what was noted."""

from collections.abc import Sequence

from sqlalchemy import select

from app.care.models import CareAct, MemberNote
from app.kernel.db import db

SHOWN = 50


def list_acts(person_ids: Sequence[int], *, mall_id: int) -> Sequence[CareAct]:
    """What was given or corrected in a mall, the latest first, at most 50."""
    own = select(CareAct).where(CareAct.member_id.in_(person_ids), CareAct.mall_id == mall_id)
    return db.session.scalars(own.order_by(CareAct.done_at.desc(), CareAct.id.desc()).limit(SHOWN)).all()


def list_notes(person_ids: Sequence[int], *, mall_id: int) -> Sequence[MemberNote]:
    """What was noted in a mall, the latest first, at most 50."""
    own = select(MemberNote).where(MemberNote.member_id.in_(person_ids), MemberNote.mall_id == mall_id)
    return db.session.scalars(own.order_by(MemberNote.written_at.desc(), MemberNote.id.desc()).limit(SHOWN)).all()
