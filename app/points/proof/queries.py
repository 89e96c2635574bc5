"""Reading proofs that are kept."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from app.identity.models import Member
from app.kernel.db import db
from app.points.proof.models import PointsDifference, PointsProof, PointsProofSum
from app.points.proof.ways import Way


def find_last() -> PointsProof | None:
    """The proof of the latest night that has one."""
    return db.session.scalar(select(PointsProof).order_by(PointsProof.day.desc()).limit(1))


def list_proofs(*, limit: int = 31) -> Sequence[PointsProof]:
    """Proofs of nights, the latest first."""
    return db.session.scalars(select(PointsProof).order_by(PointsProof.day.desc()).limit(limit)).all()


def sums_of(day: date, *, mall_id: int | None = None) -> Mapping[Way, int]:
    """What each way came to up to a proof, signed: of a mall, or of all with what belongs to none."""
    one = PointsProofSum
    wanted = [one.day == day] if mall_id is None else [one.day == day, one.mall_id == mall_id]
    rows = db.session.execute(select(one.way, func.sum(one.points)).where(*wanted).group_by(one.way))
    return {Way(way): int(points) for way, points in rows}


def list_differences(day: date, *, limit: int) -> list[tuple[PointsDifference, Member | None]]:
    """What a proof found to differ, with whose it is."""
    one = PointsDifference
    rows = db.session.execute(
        select(one, Member)
        .outerjoin(Member, Member.id == one.member_id)
        .where(one.day == day)
        .order_by(one.position)
        .limit(limit)
    )
    return [(difference, member) for difference, member in rows]
