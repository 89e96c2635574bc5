"""Reading causes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select

from app.kernel.db import db
from app.lifecycle.causes.models import SleepCause, SleepCauseCorrection
from app.lifecycle.causes.rules import Cause

_COUNTING = func.coalesce(SleepCause.corrected_cause, SleepCause.cause)


@dataclass(frozen=True, slots=True)
class Found:
    """Why a member stays away: as it was judged, and what people said of it since, the latest first."""

    judged: SleepCause
    corrections: list[SleepCauseCorrection]

    @property
    def cause(self) -> Cause:
        """The cause that counts."""
        return Cause(self.judged.corrected_cause or self.judged.cause)


def find_cause(member_id: int) -> Found | None:
    """Why the member stays away; None for who does not, or is not to be concluded about."""
    judged = db.session.get(SleepCause, member_id, populate_existing=True)
    if judged is None:
        return None
    one = SleepCauseCorrection
    corrections = db.session.scalars(
        select(one).where(one.member_id == member_id, one.silent_since == judged.silent_since).order_by(one.id.desc())
    )
    return Found(judged, list(corrections))


def causes_of(member_ids: Collection[int]) -> dict[int, Cause]:
    """The cause that counts of each of these members who stays away."""
    rows = db.session.execute(select(SleepCause.member_id, _COUNTING).where(SleepCause.member_id.in_(member_ids)))
    return {member_id: Cause(cause) for member_id, cause in rows.tuples()}


def who_stays_away_for(cause: Cause) -> Select[tuple[int]]:
    """The ids of the members who stay away for a cause, as it counts."""
    one = SleepCause
    judged = one.corrected_cause.is_(None) & (one.cause == cause.value)
    return select(one.member_id).where(or_(one.corrected_cause == cause.value, judged))


def count_causes(mall_id: int | None = None) -> Mapping[Cause, int]:
    """How many stay away for each cause that counts; of those at home in one mall, or of all."""
    counts = select(_COUNTING, func.count()).group_by(_COUNTING)
    rows = db.session.execute(counts if mall_id is None else counts.where(SleepCause.home_mall_id == mall_id))
    found = {row[0]: row[1] for row in rows}
    return {cause: found.get(cause.value, 0) for cause in Cause}
