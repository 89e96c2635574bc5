"""The tier of a standing's row at a moment, as SQL: for statements over very many members.

Says what `queries` says of each, and a test holds the two equal: what the end of a period made of a standing counts,
whether or not it is written. In periods after one that ended and is not written nothing was earned: earning writes it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, select, text
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from app.kernel import clock
from app.kernel.db import table_of
from app.tiers.growth.models import GrowthEntry
from app.tiers.ladders.ladders import Dated
from app.tiers.ladders.rules import AtEnd, Ladder

# Those of a row of standings.
Columns = ReadOnlyColumnCollection[str, ColumnElement[Any]]
_ENTRY = table_of(GrowthEntry)


def tier_code(row: Columns, dated: Sequence[Dated], *, at: datetime) -> ColumnElement[str]:
    """The tier at a moment of a row of standings that is not replaced; `dated`: all ladders, the latest first."""
    ended = [
        (row.ends_at >= clock.start_of_day(one.effective_from), _after_end(row, one.ladder, at=at)) for one in dated
    ]
    is_over = and_(row.ends_at.is_not(None), row.ends_at <= at)
    return case((is_over, case(*ended, else_=row.tier_code)), else_=row.tier_code)


def _after_end(row: Columns, ladder: Ladder, *, at: datetime) -> ColumnElement[str]:
    if ladder.at_end is AtEnd.KEPT or ladder.period_months is None:
        return cast(row.tier_code, Text)
    own, reached = _rank(row, ladder), _reached(row, ladder)
    lowest = literal(0)
    below = lowest if ladder.at_end is AtEnd.BY_GROWTH else func.greatest(own - 1, 0)
    first = case((reached >= own, own), else_=func.greatest(reached, below))
    more = _further_ends(row, ladder, at=at)
    fall = first - more if ladder.at_end is AtEnd.ONE_DOWN else case((more > 0, lowest), else_=first)
    return _code(func.greatest(fall, 0), ladder)


def _rank(row: Columns, ladder: Ladder) -> ColumnElement[int]:
    ranks = [(row.tier_code == rung.code, literal(rank)) for rank, rung in enumerate(ladder.rungs)]
    return case(*ranks, else_=literal(0))


def _code(rank: ColumnElement[int], ladder: Ladder) -> ColumnElement[str]:
    codes = [(rank == at, literal(rung.code)) for at, rung in enumerate(ladder.rungs)]
    return case(*codes, else_=literal(ladder.rungs[0].code))


def _reached(row: Columns, ladder: Ladder) -> ColumnElement[int]:
    """The rank that the growth of the row's period reaches."""
    grown = func.coalesce(func.sum(func.coalesce(_ENTRY.c.counting, _ENTRY.c.growth)), 0)
    reached = [
        (grown + row.brought >= rung.threshold, literal(rank))
        for rank, rung in reversed(list(enumerate(ladder.rungs)))
        if rank
    ]
    found = (
        select(case(*reached, else_=literal(0)))
        .where(
            _ENTRY.c.member_id == row.member_id,
            _ENTRY.c.occurred_at > row.began_at,
            _ENTRY.c.occurred_at <= row.ends_at,
        )
        .scalar_subquery()
    )
    return func.coalesce(found, 0)


def _further_ends(row: Columns, ladder: Ladder, *, at: datetime) -> ColumnElement[int]:
    """How many periods more have ended by then: counted no further than the ladder is high."""
    ended: ColumnElement[int] = literal(0)
    zone = literal(clock.MALL_ZONE.key)
    wall, begins = func.timezone(zone, row.ends_at), clock.local(at).replace(tzinfo=None)
    for number in range(1, len(ladder.rungs)):
        months = number * (ladder.period_months or 0)
        later = wall + text(f"INTERVAL '{months} months'")
        ended = ended + case((later <= begins, 1), else_=0)
    return ended
