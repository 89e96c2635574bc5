"""Judging silences, taking back what no longer holds, and corrections by people."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, not_, or_
from sqlalchemy.dialects.postgresql import insert

from app.access.audit import Actor
from app.identity import queries as members
from app.kernel.db import db
from app.lifecycle.causes import queries, rules, silences
from app.lifecycle.causes.errors import NotSilent
from app.lifecycle.causes.models import SleepCause, SleepCauseCorrection
from app.lifecycle.causes.rules import Cause, Judgement
from app.lifecycle.causes.silences import Silence


def judge(found: Sequence[Silence], *, as_of: date) -> int:
    """Judge some silences; of a member who was judged for an earlier one the row becomes that of this one."""
    if not found:
        return 0
    histories = silences.read_histories(found)
    rows = [_row(one, rules.judge(histories[one.member_id]), as_of) for one in found]
    written = insert(SleepCause).values(rows)
    new = {name: written.excluded[name] for name in rows[0] if name != "member_id"}
    db.session.execute(written.on_conflict_do_update(index_elements=["member_id"], set_=new))
    return len(rows)


def _row(silence: Silence, judgement: Judgement, as_of: date) -> dict[str, Any]:
    return {
        "member_id": silence.member_id,
        "home_mall_id": silence.home_mall_id,
        "silent_since": silence.last_on,
        "cause": judgement.cause.value,
        "confidence_bps": judgement.confidence_bps,
        "evidence": [asdict(one) for one in judgement.evidence],
        "judged_on": as_of,
        "corrected_cause": None,
    }


def take_back(came_back: Sequence[int]) -> int:
    """Forget the causes of who came back, and of who left, was found to be another, or switched profiling off."""
    over = or_(SleepCause.member_id.in_(came_back), not_(silences.is_to_be_judged()))
    gone = db.session.execute(delete(SleepCause).where(over).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def correct(member_id: int, cause: Cause, by: Actor, *, note: str, now: datetime) -> SleepCauseCorrection:
    """Keep what a person knows better, for as long as the silence lasts; raises NotFound and NotSilent."""
    member = members.lock_member(member_id)
    found = queries.find_cause(member.id)
    if found is None or by.id is None:
        raise NotSilent
    correction = SleepCauseCorrection(
        member_id=member.id,
        silent_since=found.judged.silent_since,
        cause=cause.value,
        note=note,
        staff_id=by.id,
        staff_name=by.name,
        corrected_at=now,
    )
    db.session.add(correction)
    found.judged.corrected_cause = cause.value
    db.session.flush()
    return correction


def forget(member_ids: Sequence[int]) -> None:
    """Take away what was concluded about the members, and corrected, who leave or switched profiling off."""
    for table in (SleepCause, SleepCauseCorrection):
        db.session.execute(delete(table).where(table.member_id.in_(member_ids)))
