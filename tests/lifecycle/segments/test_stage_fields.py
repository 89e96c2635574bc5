"""Segments by stage, activity and scores, as the last night left them."""

from datetime import timedelta
from typing import Any

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.segments import queries
from app.lifecycle.stages.models import Activity, LifecycleCut, MemberStage, Stage
from tests.builders.identity import make_member
from tests.builders.segments import read_definition

_TODAY = clock.business_date(clock.now())
_CUTS = [10.0, 20.0, 30.0, 40.0]


def stand(stage: Stage, activity: Activity, *, bought_days_ago: int | None, purchases: int = 0) -> Member:
    """A member where a night has put them."""
    member = make_member()
    bought_on = None if bought_days_ago is None else _TODAY - timedelta(days=bought_days_ago)
    days = dict.fromkeys(("known_on", "last_presence_on", "last_behaviour_on", "since"), _TODAY)
    counts = dict.fromkeys(("recent_purchases", "year_purchases", "year_fen"), 0)
    db.session.add(
        MemberStage(
            member_id=member.id,
            home_mall_id=member.home_mall_id,
            is_plain=True,
            stage=stage.value,
            activity=activity.value,
            last_purchase_on=bought_on,
            purchases=purchases,
            monetary_fen=purchases,
            **days,
            **counts,
        )
    )
    db.session.flush()
    return member


def found(field: str, operator: str, value: Any) -> set[int]:
    root = read_definition({"field": field, "operator": operator, "value": value})
    return set(db.session.scalars(queries.found_by(root, mall_id=None, now=clock.now())))


def test_stage_activity_and_scores_are_those_of_the_last_night() -> None:
    db.session.add(LifecycleCut(day=_TODAY, recency=_CUTS, frequency=_CUTS, monetary=_CUTS))
    lately = stand(Stage.HIGH, Activity.ACTIVE, bought_days_ago=10, purchases=41)
    longer = stand(Stage.WARNING, Activity.COOLING, bought_days_ago=31, purchases=20)
    never = stand(Stage.NEW, Activity.COOLING, bought_days_ago=None)
    assert found("stage", "any_of", ["5", "2"]) == {lately.id, never.id}
    assert found("activity", "none_of", ["cooling"]) == {lately.id}
    assert found("stage_since", "within", 1) == {lately.id, longer.id, never.id}
    assert found("recency_score", "between", [5, 5]) == {lately.id}
    assert found("recency_score", "at_most", 2) == {longer.id}
    assert found("frequency_score", "at_least", 5) == found("monetary_score", "at_least", 3) == {lately.id}
    assert found("frequency_score", "between", [2, 2]) == {longer.id}


def test_before_the_first_night_nobody_has_a_score() -> None:
    make_member()
    assert found("recency_score", "at_most", 5) == found("monetary_score", "at_least", 0) == set()
