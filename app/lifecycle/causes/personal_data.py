"""Personal data: why a member is thought to stay away."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.lifecycle.causes.models import SleepCause, SleepCauseCorrection


def _causes(ids: Ids) -> Select[Any]:
    one = SleepCause
    confidence = (one.confidence_bps // 100).label("confidence_percent")
    judged = select(one.silent_since, one.cause, confidence, one.judged_on, one.corrected_cause)
    return judged.where(one.member_id.in_(ids))


def _corrections(ids: Ids) -> Select[Any]:
    one = SleepCauseCorrection
    return (
        select(one.silent_since, one.cause, one.note, one.corrected_at).where(one.member_id.in_(ids)).order_by(one.id)
    )


SECTIONS: Sections = {"sleep_causes": _causes, "sleep_cause_corrections": _corrections}
