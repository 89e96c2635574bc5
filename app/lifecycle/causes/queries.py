"""Reading causes."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.kernel.db import db
from app.lifecycle.causes.models import SleepCause, SleepCauseCorrection
from app.lifecycle.causes.rules import Cause


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


def count_causes(mall_id: int | None = None) -> Mapping[Cause, int]:
    """How many stay away for each cause that counts; of those at home in one mall, or of all."""
    one = SleepCause
    counting = func.coalesce(one.corrected_cause, one.cause)
    counts = select(counting, func.count()).group_by(counting)
    rows = db.session.execute(counts if mall_id is None else counts.where(one.home_mall_id == mall_id))
    found = {row[0]: row[1] for row in rows}
    return {cause: found.get(cause.value, 0) for cause in Cause}
