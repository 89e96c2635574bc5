"""A definition's statement finds whom the definition means."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, scoped_session

from app.identity.asking.fields import OPERATORS, Field, Kind, Operator
from app.identity.people import list_numbers
from app.kernel.db import db
from app.lifecycle.segments import reading, statements
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.tags.by_hand import manual_tags
from app.lifecycle.tags.by_hand.manual_tags import Giver
from tests.builders.benefits import make_campaign
from tests.builders.entrances import make_entrance
from tests.builders.segments import make_segment
from tests.lifecycle.segments import judging, worlds
from tests.lifecycle.segments.worlds import NOW, TODAY, World

_WITH_CODES = (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF)
_DAYS = st.sampled_from([1, 2, 7, 8, 30, 31, 366])
_SAMPLES: Mapping[Operator, Any] = {
    Operator.AT_LEAST: 5,
    Operator.AT_MOST: 5,
    Operator.BETWEEN: [1, 5],
    Operator.WITHIN: 5,
    Operator.OVER: 5,
    Operator.SINCE: "2026-01-31",
    Operator.UNTIL: "2026-01-31",
    Operator.COMING: 30,
    Operator.IN_MONTHS: [1, 2],
}


@pytest.fixture
def world(db_session: scoped_session[Session]) -> World:
    return worlds.make(7)


def found_by(data: Mapping[str, Any], *, mall_id: int | None = None) -> set[int]:
    root = reading.read(data, all_fields(), mall_id=mall_id)
    statement = statements.members_of(root, mall_id=mall_id, now=NOW, merged=list_numbers())
    found = list(db.session.scalars(statement))
    assert len(found) == len(set(found))
    return set(found)


def _values(field: Field, operator: Operator) -> st.SearchStrategy[Any]:
    if operator in _WITH_CODES:
        assert field.codes is not None
        return st.lists(st.sampled_from(sorted(field.codes(None))), min_size=1, max_size=3, unique=True)
    numbers = st.sampled_from([0, 1, 2, 5_000, 12_000, 17_000, 2_000])
    days = st.dates(TODAY - timedelta(days=40), TODAY).map(date.isoformat)
    return {
        Operator.AT_LEAST: numbers,
        Operator.AT_MOST: numbers,
        Operator.BETWEEN: st.tuples(numbers, numbers).map(sorted),
        Operator.SINCE: days,
        Operator.UNTIL: days,
        Operator.IN_MONTHS: st.lists(st.integers(1, 12), min_size=1, max_size=3, unique=True),
    }.get(operator, st.none() if operator not in _SAMPLES else _DAYS)


def _leaf(draw: st.DrawFn) -> dict[str, Any]:
    field = all_fields()[draw(st.sampled_from(sorted(judging.VALUES)))]
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    value = draw(_values(field, operator))
    days = draw(st.none() | _DAYS) if field.has_window else None
    said = {"value": value, "days": days}
    return {"field": field.code, "operator": operator.value} | {k: v for k, v in said.items() if v is not None}


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    leaves = st.composite(_leaf)()
    groups = st.recursive(
        leaves,
        lambda nodes: (
            st.lists(nodes, min_size=1, max_size=3).map(lambda parts: {"all": parts})
            | st.lists(nodes, min_size=1, max_size=3).map(lambda parts: {"any": parts})
            | nodes.map(lambda part: {"not": part})
        ),
        max_leaves=6,
    )
    return {"version": 1, "root": draw(groups)}


@pytest.mark.requirement("S2.7")
def test_statement_finds_whom_plain_judging_finds(world: World) -> None:
    @settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(definitions(), st.sampled_from([None, *(mall.id for mall in world.malls)]))
    def compare(data: dict[str, Any], mall_id: int | None) -> None:
        try:
            found = found_by(data, mall_id=mall_id)
        except reading.DefinitionWrong:
            return  # codes of the other mall, or too deep
        assert found == judging.members_of(world, data, mall_id=mall_id)

    compare()


def test_world_has_somebody_for_either_answer(world: World) -> None:
    bought = {"field": "purchases", "operator": "at_least", "value": 1}
    found = found_by({"version": 1, "root": bought})
    others = found_by({"version": 1, "root": {"not": bought}})
    assert found and others and not found & others


def test_every_field_can_be_asked_in_all_its_ways(world: World) -> None:
    make_campaign(world.malls[0])
    make_entrance(world.malls[0])
    make_segment(None, is_nightly=True)
    by = Giver(staff_id=1, name="王芳", mall_id=world.malls[0].id)
    borne_by = next(one for one in world.persons if one.status == "member" and one.is_profiled)
    manual_tags.give(borne_by.id, "爱猫人士", by, note="", now=NOW)
    everybody = found_by({"version": 1, "root": {"not": {"field": "joined", "operator": "never"}}})
    for field in all_fields().values():
        for operator in OPERATORS[field.kind]:
            leaf = _any_leaf(field, operator)
            found = found_by({"version": 1, "root": leaf})
            others = found_by({"version": 1, "root": {"not": leaf}})
            assert not found & others
            assert found | others <= everybody
            assert not field.is_plain or found | others == everybody


def _any_leaf(field: Field, operator: Operator) -> dict[str, Any]:
    leaf: dict[str, Any] = {"field": field.code, "operator": operator.value}
    if operator in _WITH_CODES:
        assert field.codes is not None
        leaf["value"] = list(field.codes(None))[:2]
    elif operator in _SAMPLES:
        leaf["value"] = _SAMPLES[operator]
    return leaf | ({"days": 30} if field.has_window else {})


def test_conditions_on_the_same_rows_share_one_part(world: World) -> None:
    parts = [
        {"field": "spend", "operator": "at_least", "value": 5_000, "days": 30},
        {"field": "spend", "operator": "at_most", "value": 90_000, "days": 30},
        {"field": "purchases", "operator": "at_least", "value": 2, "days": 90},
        {"not": {"field": "bought_categories", "operator": "any_of", "value": ["kids"]}},
    ]
    root = reading.read({"version": 1, "root": {"all": parts}}, all_fields(), mall_id=None)
    written = str(statements.members_of(root, mall_id=None, now=NOW, merged=list_numbers()))
    assert written.count("GROUP BY coalesce") == 1
    assert written.count("FROM purchases LEFT OUTER JOIN") == 1
    assert written.count("sum(purchases.amount_fen)") == 1


def test_kinds_have_operators() -> None:
    assert set(OPERATORS) == set(Kind)
