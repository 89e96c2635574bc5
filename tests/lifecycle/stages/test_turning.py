"""Whom time alone may move: of all facts near all edges, whoever stands elsewhere than the day before is named."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Subquery,
    case,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
)

from app.kernel.db import db
from app.lifecycle.stages.judging import Judge
from tests.lifecycle.stages.test_facts_sql import SHORT
from tests.lifecycle.stages.worlds import TODAY

YESTERDAY = TODAY - timedelta(days=1)


def days_ago(days: ColumnElement[int]) -> ColumnElement[Any]:
    return type_coerce(literal(TODAY, Date) - days, Date)


def facts_around_all_edges() -> Subquery:
    """Joined or not, never bought or so many days ago, with few and many purchases and sums."""
    past_all_windows = SHORT.lost_days + 2
    ranges = {
        "behaviour": (0, past_all_windows, 1),
        "presence": (0, past_all_windows, 1),
        "purchase": (-1, past_all_windows, 1),
        "recent": (0, 9, 3),
        "fen": (0, 1_000, 500),
        "joined": (0, 1, 1),
    }
    series = [
        select(func.generate_series(*range_, type_=Integer).label(name)).subquery() for name, range_ in ranges.items()
    ]
    rows: FromClause = series[0]
    for one in series[1:]:
        rows = rows.join(one, true())
    behaviour, presence, purchase, recent, fen, joined = (one.c[name] for one, name in zip(series, ranges, strict=True))
    known_on = days_ago(literal(past_all_windows, Integer))
    return (
        select(
            case((joined == 1, known_on)).label("joined_on"),
            known_on.label("known_on"),
            case((purchase >= 0, days_ago(purchase))).label("last_purchase_on"),
            days_ago(presence).label("last_presence_on"),
            days_ago(behaviour).label("last_behaviour_on"),
            recent.label("recent_purchases"),
            fen.label("year_fen"),
            case((purchase >= 0, recent + 1), else_=0).label("purchases"),
            null().label("margin_fen"),
            null().label("friends"),
        )
        .select_from(rows)
        .subquery("facts")
    )


@pytest.mark.parametrize(
    ("before", "now"), [(500, 500), (500, 501), (501, 500), (1_000, 300), (None, 500), (500, None), (None, None)]
)
def test_whoever_stands_elsewhere_with_the_same_facts_is_named(
    db_session: object, before: int | None, now: int | None
) -> None:
    facts = facts_around_all_edges()
    cuts = {day: literal(cut, BigInteger) for day, cut in ((YESTERDAY, before), (TODAY, now))}
    judges = {day: Judge(facts, SHORT, as_of=day, cut_fen=cut) for day, cut in cuts.items()}
    stood, stands = (func.row(judge.stage, judge.activity) for judge in judges.values())
    turned = judges[TODAY].turned_by_time(cut_fen_before=cuts[YESTERDAY])
    moved = stood.is_distinct_from(stands)
    everybody, who_moved, unnamed, named = db.session.execute(
        select(
            func.count(),
            func.count().filter(moved),
            func.count().filter(moved, turned.is_not(true())),
            func.count().filter(turned),
        ).select_from(facts)
    ).one()
    assert unnamed == 0
    assert 0 < who_moved <= named
    assert (named < everybody) == ((before is None) == (now is None))
