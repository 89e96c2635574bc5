"""Reading what was done for a member by hand, and what was noted: the latest of each, which a page shows together.

They are no list of the console's kit: a page of two tables needs a UNION, and no index has the order of both.
"""

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


def find_gift(member_id: int, coupon_id: int) -> CareAct | None:
    """The act by which a person gave the member this coupon; None for one that came by itself."""
    return db.session.scalar(select(CareAct).where(CareAct.member_id == member_id, CareAct.coupon_id == coupon_id))
