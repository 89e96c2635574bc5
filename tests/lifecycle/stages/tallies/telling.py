"""What is kept of who has which value, beside what everybody's rows say."""

from sqlalchemy import select

from app.kernel.db import db, table_of
from app.lifecycle.stages.models import MemberStage
from app.lifecycle.stages.tallies.counting import Near, Tally, add_up, count
from app.lifecycle.stages.tallies.models import LifecycleTally, TallyChange


def kept_and_counted() -> tuple[Tally, Tally] | None:
    """What the last night kept, with what acts changed since: and what there is; None where nothing is kept."""
    row = db.session.execute(select(LifecycleTally.near, LifecycleTally.counts)).one_or_none()
    if row is None:
        return None
    near = Near(**row.near)
    told = add_up([Tally.of(row.counts), count(table_of(TallyChange), near)[0]])
    return told, count(table_of(MemberStage), near)[0]


def is_right() -> bool:
    """Whether something is kept, and tells what there is."""
    told = kept_and_counted()
    return told is not None and told[0] == told[1]
