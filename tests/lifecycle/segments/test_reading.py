"""Definitions are read, and what is wrong with them is said where it is wrong."""

from typing import Any

import pytest

from app.identity.asking.fields import Field, Kind, Unit, by_code, fixed
from app.lifecycle.segments import definitions, reading
from app.lifecycle.segments.definitions import MOST_CONDITIONS, MOST_DEPTH
from app.lifecycle.segments.errors import DefinitionWrong, Fault

pytestmark = pytest.mark.no_database


def _no_value(_: object) -> Any:
    raise AssertionError("nothing is compiled here")


FIELDS = by_code(
    Field(
        code="spend",
        kind=Kind.NUMBER,
        unit=Unit.FEN,
        most=1_000,
        subject="s",
        value=_no_value,
        has_window=True,
    ),
    Field(code="tier", kind=Kind.CHOICE, subject="s", value=_no_value, codes=fixed("gold", "silver"), is_plain=True),
    Field(code="joined", kind=Kind.DAY, subject="s", value=_no_value, is_plain=True),
    Field(code="birthday", kind=Kind.SEASON, subject="s", value=_no_value, is_plain=True),
    Field(code="has_plate", kind=Kind.FLAG, subject="s", value=_no_value, is_plain=True),
)
SPEND = {"field": "spend", "operator": "at_least", "value": 5, "days": 90}


def read(root: object) -> definitions.Node:
    return reading.read({"version": 1, "root": root}, FIELDS, mall_id=None)


def faults_of(root: object) -> list[tuple[str, Fault]]:
    with pytest.raises(DefinitionWrong) as refused:
        read(root)
    return [(one.path, one.fault) for one in refused.value.faults]


def test_what_is_kept_reads_back_as_the_same() -> None:
    gold = {"field": "tier", "operator": "any_of", "value": ["gold"]}
    root = {"all": [SPEND, {"not": {"any": [gold, {"field": "has_plate", "operator": "yes"}]}}]}
    assert definitions.as_data(read(root)) == {"version": 1, "root": root}


def test_only_plain_fields_make_a_plain_definition() -> None:
    plate = {"field": "has_plate", "operator": "no"}
    assert definitions.is_plain(read({"any": [plate, {"field": "joined", "operator": "within", "value": 7}]}))
    assert not definitions.is_plain(read({"any": [plate, {"not": SPEND}]}))


def test_every_fault_is_said_where_it_is() -> None:
    root = {
        "all": [
            SPEND,
            {"any": [SPEND | {"field": "nobody"}, SPEND | {"operator": "like"}, {"all": []}]},
            {"not": {"any": [SPEND | {"value": -1}]}},
            SPEND | {"days": 0},
        ]
    }
    assert faults_of(root) == [
        ("1.0", Fault.FIELD_UNKNOWN),
        ("1.1", Fault.OPERATOR_UNKNOWN),
        ("1.2", Fault.EMPTY),
        ("2.0", Fault.VALUE_OUT_OF_RANGE),
        ("3", Fault.DAYS_WRONG),
    ]


@pytest.mark.parametrize(
    ("leaf", "fault"),
    [
        (SPEND | {"value": None}, Fault.VALUE_MISSING),
        (SPEND | {"value": "5"}, Fault.VALUE_WRONG),
        (SPEND | {"value": True}, Fault.VALUE_WRONG),
        (SPEND | {"value": 1_001}, Fault.VALUE_OUT_OF_RANGE),
        (SPEND | {"operator": "between", "value": [5]}, Fault.VALUE_MISSING),
        (SPEND | {"operator": "between", "value": [5, 4]}, Fault.VALUE_OUT_OF_RANGE),
        (SPEND | {"operator": ["at_least"]}, Fault.OPERATOR_UNKNOWN),
        (SPEND | {"days": "90"}, Fault.DAYS_WRONG),
        (SPEND | {"sql": "1 = 1"}, Fault.UNREADABLE),
        ({"field": ["spend"], "operator": "at_least", "value": 5}, Fault.FIELD_UNKNOWN),
        ({"field": "tier", "operator": "any_of", "value": []}, Fault.VALUE_MISSING),
        ({"field": "tier", "operator": "any_of", "value": ["wood"]}, Fault.CODE_UNKNOWN),
        ({"field": "tier", "operator": "any_of", "value": "gold"}, Fault.VALUE_WRONG),
        ({"field": "tier", "operator": "none_of", "value": [["gold"]]}, Fault.VALUE_WRONG),
        ({"field": "tier", "operator": "any_of", "value": ["gold"] * 51}, Fault.TOO_MANY_CODES),
        ({"field": "tier", "operator": "any_of", "value": ["gold"], "days": 3}, Fault.DAYS_WRONG),
        ({"field": "joined", "operator": "within", "value": 0}, Fault.VALUE_OUT_OF_RANGE),
        ({"field": "joined", "operator": "since", "value": "2026-02-30"}, Fault.VALUE_WRONG),
        ({"field": "joined", "operator": "until", "value": "9999-12-31"}, Fault.VALUE_OUT_OF_RANGE),
        ({"field": "joined", "operator": "never", "value": 1}, Fault.VALUE_WRONG),
        ({"field": "birthday", "operator": "in_months", "value": [13]}, Fault.VALUE_OUT_OF_RANGE),
        ({"field": "birthday", "operator": "coming", "value": 400}, Fault.VALUE_OUT_OF_RANGE),
        ({"field": "has_plate", "operator": "at_least", "value": 1}, Fault.OPERATOR_UNKNOWN),
        ({"all": [SPEND], "any": [SPEND]}, Fault.UNREADABLE),
        ({"all": {"0": SPEND}}, Fault.UNREADABLE),
        ("spend > 5", Fault.UNREADABLE),
        (None, Fault.UNREADABLE),
    ],
)
def test_what_cannot_be_meant_is_refused(leaf: object, fault: Fault) -> None:
    assert faults_of(leaf) == [("", fault)]


def test_depth_and_size_are_bounded() -> None:
    deep: object = SPEND
    for _ in range(MOST_DEPTH):
        deep = {"not": {"all": [deep]}}
    read(deep)
    path = ".".join("0" * MOST_DEPTH)
    assert faults_of({"all": [deep]}) == [(path, Fault.TOO_DEEP)]
    many = [{"all": [SPEND] * 10}] * (MOST_CONDITIONS // 10)
    read({"any": many})
    assert faults_of({"any": [*many, SPEND]}) == [("3", Fault.TOO_LARGE)]
    assert faults_of({"any": [SPEND] * (MOST_CONDITIONS + 1)}) == [("", Fault.TOO_LARGE)]


@pytest.mark.parametrize("data", [None, [], {}, {"root": SPEND}, {"version": 2, "root": SPEND}, {"version": 1}])
def test_other_versions_are_refused(data: object) -> None:
    with pytest.raises(DefinitionWrong):
        reading.read(data, FIELDS, mall_id=None)
