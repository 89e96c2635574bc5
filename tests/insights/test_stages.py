"""How a mall's members stand and move by stage: counts of any day, steps with their share and time."""

from datetime import date

import pytest

from app.insights.questions import stages
from app.insights.questions.figures import Span
from app.insights.questions.stages import Moves
from app.kernel import clock as app_clock
from app.kernel.money import Share
from app.lifecycle.stages import day_flows
from app.lifecycle.stages.models import Stage
from app.malls.models import Mall
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.builders.malls import make_mall

MARCH = Span(app_clock.start_of_day(date(2026, 3, 1)), app_clock.end_of_day(date(2026, 3, 20)))
APRIL = Span(app_clock.start_of_day(date(2026, 4, 1)), app_clock.end_of_day(date(2026, 4, 2)))


def day(number: int) -> date:
    return date(2026, 3, number)


@pytest.fixture
def mall() -> Mall:
    """A mall with four members; the last one moved after the night of the 20th."""
    mall = make_mall()
    before = (date(2026, 2, 20), Stage.NEW)
    make_path(make_member(mall), before, (day(2), Stage.FIRST), (day(12), Stage.REPEAT))
    make_path(make_member(mall), before, (day(4), Stage.REPEAT), (day(9), Stage.WARNING))
    make_path(make_member(mall), (day(3), Stage.NEW), (day(6), Stage.FIRST))
    make_path(make_member(mall), (day(5), Stage.NEW), (day(21), Stage.FIRST))
    make_path(make_member(make_mall()), (day(5), Stage.NEW))
    make_night(day(20))
    return mall


def standing(mall: Mall, of: Stage) -> tuple[int, int, int, int]:
    found = stages.read(mall.id, MARCH).standings[of]
    return found.members, found.before, found.entries, found.exits


@pytest.mark.requirement("S0.49")
def test_each_stage_counts_who_stood_in_it_and_who_came_and_went(mall: Mall) -> None:
    assert standing(mall, Stage.NEW) == (1, 2, 2, 3)
    assert standing(mall, Stage.FIRST) == (1, 0, 2, 1)
    assert standing(mall, Stage.REPEAT) == (1, 0, 2, 1)
    assert standing(mall, Stage.WARNING) == (1, 0, 1, 0)


def test_a_later_day_counts_what_no_night_has_summed_yet(mall: Mall) -> None:
    assert stages.count_on(mall.id, day(21))[Stage.NEW] == 0
    assert stages.count_on(mall.id, day(20))[Stage.NEW] == 1
    assert stages.list_moves(mall.id, first=day(21), last=day(21)).counts == {("2", "3"): 1}


def test_who_left_since_the_last_night_is_missing_from_no_day_before(mall: Mall) -> None:
    leaver = make_member(mall)
    make_path(leaver, (day(4), Stage.FIRST))
    counted = stages.count_on(mall.id, day(20))
    day_flows.leave([leaver.id], day=day(21))
    assert stages.count_on(mall.id, day(20)) == counted
    assert stages.count_on(mall.id, day(21))[Stage.FIRST] == 2


def test_who_came_and_left_since_the_last_night_stood_there_on_the_days_between(mall: Mall) -> None:
    leaver = make_member(mall)
    make_path(leaver, (day(21), Stage.NEW), (day(23), Stage.FIRST))
    days = [day(number) for number in range(19, 26)]
    counted = [(stages.count_on(mall.id, one)[Stage.NEW], stages.count_on(mall.id, one)[Stage.FIRST]) for one in days]
    day_flows.leave([leaver.id], day=day(24))

    def now() -> list[tuple[int, int]]:
        found = [stages.count_on(mall.id, one) for one in days]
        return [(one[Stage.NEW], one[Stage.FIRST]) for one in found]

    gone = [(new, first - 1) for new, first in counted[5:]]
    assert now() == counted[:5] + gone
    make_night(day(25))
    assert now() == counted[:5] + gone, "the night adds the days of everybody else"


def test_who_joins_and_leaves_on_a_day_was_there_before_and_after_on_none(mall: Mall) -> None:
    leaver = make_member(mall)
    before = stages.count_on(mall.id, day(20))
    make_path(leaver, (day(21), Stage.NEW))
    day_flows.leave([leaver.id], day=day(21))
    assert stages.count_on(mall.id, day(20)) == before
    assert stages.list_moves(mall.id, first=day(21), last=day(21)) == Moves(
        {("", "2"): 1, ("2", "left"): 1, ("2", "3"): 1}, unseen=1
    )


@pytest.mark.requirement("S0.2")
def test_a_step_has_its_share_and_its_usual_time(mall: Mall) -> None:
    picture = stages.read(mall.id, MARCH)
    step = picture.steps[Stage.NEW]
    assert (step.share, step.median_days) == (Share(3, 4), 10.0)
    assert picture.steps[Stage.FIRST].median_days == 10.0
    at_once = picture.steps[Stage.VISITOR]
    assert (at_once.reached, at_once.of, at_once.unseen, at_once.median_days) == (2, 2, 2, 0.0)
    assert stages.read(mall.id, APRIL).steps[Stage.VISITOR].share is None
    assert (picture.fell, picture.returned) == (1, 0)
