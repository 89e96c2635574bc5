"""What a member's facts mean: every edge of every window."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.lifecycle.rules.rule_sets import DEFAULT, Rules
from app.lifecycle.stages.models import Activity, Stage, Why
from app.lifecycle.stages.rules import Facts, Phase, Standing, classify, phase

pytestmark = pytest.mark.no_database

TODAY = date(2026, 3, 10)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def standing(cut_fen: int | None = None, rules: Rules = DEFAULT, **changes: object) -> Standing:
    """Of somebody who joined long ago, bought three times and was here yesterday, but for what is said."""
    usual = Facts(
        joined_on=ago(400),
        known_on=ago(400),
        last_purchase_on=ago(1),
        last_presence_on=ago(1),
        last_behaviour_on=ago(1),
        recent_purchases=1,
        year_purchases=3,
        year_fen=50_000,
        purchases=3,
        monetary_fen=50_000,
    )
    return classify(replace(usual, **changes), rules, as_of=TODAY, cut_fen=cut_fen)


@pytest.mark.requirement("S0.5")
@pytest.mark.parametrize(
    ("days", "activity"),
    [(0, "active"), (30, "active"), (31, "cooling"), (89, "cooling"), (90, "silent"), (400, "silent")],
)
def test_activity_goes_by_the_days_since_the_last_visit(days: int, activity: str) -> None:
    assert standing(last_presence_on=ago(days)).activity == activity


@pytest.mark.requirement("S0.6")
@pytest.mark.parametrize(("days", "stage"), [(0, "3"), (89, "3"), (90, "6-warning"), (360, "6-warning")])
def test_who_comes_but_does_not_buy_is_warned_of(days: int, stage: str) -> None:
    assert standing(last_purchase_on=ago(days), recent_purchases=int(days < 90)).stage == stage


@pytest.mark.requirement("S0.7")
@pytest.mark.parametrize(
    ("days", "stage"), [(89, "3"), (90, "6-sleeping"), (179, "6-sleeping"), (180, "6-lost"), (400, "6-lost")]
)
def test_who_does_nothing_sleeps_and_is_lost(days: int, stage: str) -> None:
    assert standing(last_behaviour_on=ago(days), last_purchase_on=ago(min(days, 89))).stage == stage


def test_who_visited_yesterday_and_bought_100_days_ago_is_a_warning_and_active() -> None:
    found = standing(last_purchase_on=ago(100), recent_purchases=0)
    assert found == Standing(Stage.WARNING, Activity.ACTIVE, Why.BOUGHT_NOTHING)


@pytest.mark.parametrize(("days", "stage"), [(0, "2"), (89, "2"), (90, "6-warning")])
def test_without_a_purchase_the_days_since_joining_count(days: int, stage: str) -> None:
    joined = {"joined_on": ago(days), "known_on": ago(days)}
    found = standing(**joined, last_purchase_on=None, recent_purchases=0, year_purchases=0, purchases=0)
    assert found.stage == stage


@pytest.mark.parametrize(("recent", "stage"), [(1, "3"), (2, "4"), (7, "4"), (8, "5")])
def test_purchases_of_the_last_90_days_make_a_regular_and_then_high_value(recent: int, stage: str) -> None:
    assert standing(recent_purchases=recent).stage == stage


@pytest.mark.requirement("S0.38")
def test_who_spent_as_much_as_the_cut_is_high_value_with_a_purchase_in_90_days() -> None:
    assert standing(cut_fen=50_000) == Standing(Stage.HIGH, Activity.ACTIVE, Why.SPENT_MUCH)
    assert standing(cut_fen=50_001).stage == Stage.FIRST
    assert standing(cut_fen=50_000, recent_purchases=0, last_purchase_on=ago(95)).stage == Stage.WARNING


def test_a_visitor_stays_one_whatever_they_do() -> None:
    assert standing(joined_on=None).stage == Stage.VISITOR
    assert standing(joined_on=None, last_presence_on=ago(95), last_behaviour_on=ago(95)) == Standing(
        Stage.VISITOR, Activity.SILENT, Why.SEEN
    )


@pytest.mark.requirement("S3.18")
@pytest.mark.parametrize(
    ("stage", "activity", "expected"),
    [
        (Stage.VISITOR, Activity.SILENT, Phase.NEW),
        (Stage.NEW, Activity.ACTIVE, Phase.NEW),
        (Stage.FIRST, Activity.ACTIVE, Phase.GROWTH),
        (Stage.REPEAT, Activity.ACTIVE, Phase.STABLE),
        (Stage.HIGH, Activity.ACTIVE, Phase.STABLE),
        (Stage.HIGH, Activity.COOLING, Phase.DECLINE),
        (Stage.WARNING, Activity.ACTIVE, Phase.DECLINE),
        (Stage.SLEEPING, Activity.SILENT, Phase.DECLINE),
        (Stage.LOST, Activity.SILENT, Phase.LOST),
    ],
)
def test_phases_are_a_view_of_stage_and_activity(stage: Stage, activity: Activity, expected: Phase) -> None:
    assert phase(stage, activity) is expected


@pytest.mark.requirement("S0.38")
@pytest.mark.parametrize(
    ("margin_fen", "recent", "stage"), [(9_999, 1, "3"), (10_000, 1, "5"), (10_000, 0, "3"), (None, 1, "3")]
)
def test_what_a_member_brings_makes_high_value_where_rules_ask(margin_fen: int | None, recent: int, stage: str) -> None:
    by_margin = replace(DEFAULT, high_margin_fen=10_000)
    assert standing(rules=by_margin, margin_fen=margin_fen, recent_purchases=recent).stage == stage
    assert standing(margin_fen=margin_fen, recent_purchases=recent).stage == "3"


@pytest.mark.requirement("S0.38")
@pytest.mark.parametrize(("friends", "recent", "stage"), [(2, 1, "3"), (3, 1, "5"), (3, 0, "3"), (None, 1, "3")])
def test_friends_whom_a_member_brings_make_high_value_where_rules_ask(
    friends: int | None, recent: int, stage: str
) -> None:
    by_friends = replace(DEFAULT, high_friends=3)
    assert standing(rules=by_friends, friends=friends, recent_purchases=recent).stage == stage
    assert standing(friends=friends, recent_purchases=recent).stage == "3"
