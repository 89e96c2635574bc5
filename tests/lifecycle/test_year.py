"""The Complete Journey year, day by day: every month-end is what an independent computation says it is."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from app.kernel.db import db
from app.lifecycle.stages.models import MemberStage
from cli.complete_journey.source import Source
from script.year import points
from script.year.comparing import differences
from script.year.expected import Year
from script.year.playing import Play, month_ends

HOUSEHOLDS = 50


@pytest.mark.requirement("S0.1", "S0.5", "S0.6", "S0.7", "S0.38")
def test_stages_of_all_month_ends_are_those_of_an_independent_computation(tmp_path: Path) -> None:
    year, compared = Year(HOUSEHOLDS), 0
    books = year.books()
    for day in Play.prepare(Source(HOUSEHOLDS), tmp_path).each_day():
        if day in month_ends():
            assert [*differences(year, day), *points.differences(books, day)] == []
            compared += 1
    assert compared == 12
    sums = books.sums(date(2017, 12, 31))
    assert sums.spent and sums.expired and len(set(books.tiers(date(2017, 12, 31)).values())) > 2


def test_a_stage_that_is_wrong_is_found(tmp_path: Path) -> None:
    [*_, last] = Play.prepare(Source(5), tmp_path).each_day(last=date(2017, 1, 3))
    assert differences(Year(5), last) == []
    db.session.execute(update(MemberStage).values(stage="6-lost"))
    assert len(differences(Year(5), last)) == 5
