"""Who lets a circle tell of their payments."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.circle.models import CircleAuthorisation, State
from app.kernel.db import db

_One = CircleAuthorisation


def note(
    person_ids: Sequence[int],
    member_id: int,
    *,
    mchid: str,
    openid: str,
    state: State,
    at: datetime,
    card_code: str | None = None,
) -> bool:
    """Remember how the locked member stands with a circle since `at`; False when something later is known.

    `person_ids` are all numbers that are theirs: a row stays under the one that it was written with.
    """
    theirs = (_One.member_id.in_(person_ids), _One.mchid == mchid, _One.openid == openid)
    known = db.session.scalar(select(_One.told_at).where(*theirs).order_by(_One.told_at.desc()).limit(1))
    if known is not None and known > at:
        return False
    said = {"state": state.value, "told_at": at}
    said |= {"authorised_at": at} if state is State.ON else {}
    said |= {} if card_code is None else {"card_code": card_code}
    if known is not None:
        db.session.execute(update(_One).where(*theirs).values(**said))
        return True
    first = {"card_code": card_code or "", "member_id": member_id, "mchid": mchid, "openid": openid}
    db.session.execute(insert(_One).values(**first | said).on_conflict_do_nothing())
    return True


def find_latest(person_ids: Sequence[int], mchid: str) -> CircleAuthorisation | None:
    """The latest word about a person and a circle; None when they never opened its card."""
    return db.session.scalar(
        select(_One)
        .where(_One.member_id.in_(person_ids), _One.mchid == mchid)
        .order_by(_One.told_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def find_state(person_ids: Sequence[int], mchid: str) -> State | None:
    """How they stand by it."""
    found = find_latest(person_ids, mchid)
    return None if found is None else State(found.state)


def find_open(person_ids: Sequence[int], mchid: str) -> str | None:
    """The openid with which a person lets the circle tell of their payments, if they do."""
    found = find_latest(person_ids, mchid)
    return found.openid if found is not None and found.state == State.ON.value else None


def list_unheard(*, before: datetime, limit: int) -> Sequence[CircleAuthorisation]:
    """Those who authorised and of whom nothing was heard since, the longest first."""
    quiet = (_One.state == literal_column("'on'")) & (_One.told_at < before)
    return db.session.scalars(select(_One).where(quiet).order_by(_One.told_at).limit(limit)).all()


def count_on(mchid: str) -> int:
    """How many let the circle tell of their payments."""
    counted = select(func.count()).where(_One.mchid == mchid, _One.state == State.ON.value)
    return db.session.scalar(counted) or 0


def forget(person_ids: Sequence[int]) -> None:
    """Drop what somebody who leaves authorised."""
    db.session.execute(delete(_One).where(_One.member_id.in_(person_ids)))
