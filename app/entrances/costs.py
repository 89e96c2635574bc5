"""What an entrance cost in a week besides benefits: printing, people, advertising, entered by hand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.entrances import queries
from app.entrances.errors import CostWeekAhead, CostWeekTooEarly
from app.entrances.models import Entrance, EntranceCost
from app.kernel import clock
from app.kernel.db import db

MOST_FEN = 10**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """So much, and for what."""

    amount_fen: int
    note: str


def enter(entrance: Entrance, week: date, cost: Cost, *, by: str, now: datetime) -> Cost | None:
    """Let an entrance have cost so much in the week that begins on that Monday, in place of what was entered before.

    Returns what that was, None for nothing; 0 fen takes it back. Raises CostWeekAhead and CostWeekTooEarly.
    """
    if week > clock.business_date(now):
        raise CostWeekAhead
    _ensure_had_entrances(entrance.mall_id, until=week + timedelta(days=6))
    known = lock(entrance.id, week)
    values = {"amount_fen": cost.amount_fen, "note": cost.note, "entered_by": by, "entered_at": now}
    new = insert(EntranceCost).values(entrance_id=entrance.id, week=week, mall_id=entrance.mall_id, **values)
    db.session.execute(new.on_conflict_do_update(index_elements=["entrance_id", "week"], set_=values))
    return known


def _ensure_had_entrances(mall_id: int, *, until: date) -> None:
    made = queries.find_first_made(mall_id)
    if made is not None and made <= until:
        return
    first = queries.find_first_day(mall_id)
    if first is None or first > until:
        raise CostWeekTooEarly(first_day=first)


def lock(entrance_id: int, week: date) -> Cost | None:
    """What is entered, held until the transaction ends."""
    one = EntranceCost
    row = db.session.execute(
        select(one.amount_fen, one.note).where(one.entrance_id == entrance_id, one.week == week).with_for_update()
    ).first()
    return None if row is None else Cost(amount_fen=row.amount_fen, note=row.note)


def find(entrance_id: int, week: date) -> EntranceCost | None:
    """What is entered for an entrance and a week."""
    return db.session.get(EntranceCost, (entrance_id, week), populate_existing=True)


def list_costing(mall_id: int, week: date) -> Collection[int]:
    """The mall's entrances for which something is entered in a week."""
    one = EntranceCost
    return db.session.scalars(select(one.entrance_id).where(one.mall_id == mall_id, one.week == week)).all()


def sum_by_week(mall_id: int, *, first: date, last: date) -> dict[date, int]:
    """What is entered for all entrances of a mall, by week, in fen."""
    one = EntranceCost
    rows = db.session.execute(
        select(one.week, func.sum(one.amount_fen))
        .where(one.mall_id == mall_id, one.week.between(first, last))
        .group_by(one.week)
    )
    return {week: int(fen) for week, fen in rows}
