"""What a definition is, as a tree, and how it is read from data.

    {"version": 1, "root": {"all": [
        {"field": "spend", "operator": "at_least", "value": 50000, "days": 90},
        {"not": {"any": [{"field": "tier", "operator": "any_of", "value": ["gold"]}, …]}}]}}

A group is `all` or `any` of its parts, `not` is what one part is not. A condition says field and operator, the value
that the operator takes, and `days` where it is asked of the last so many days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.identity.asking.fields import Field, Operator

VERSION = 1
MOST_DEPTH = 5  # groups within groups
MOST_CONDITIONS = 30


@dataclass(frozen=True, slots=True)
class Condition:
    """That a field compares so with a value: a number, two, codes, a day as text, or None, as the operator has it."""

    field: Field
    operator: Operator
    value: Any = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: Sequence["Node"]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: Sequence["Node"]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Node"


Node = Condition | AllOf | AnyOf | Not


def conditions_of(node: Node) -> Iterator[Condition]:
    """All conditions of the tree, from the left."""
    match node:
        case Condition():
            yield node
        case Not(part):
            yield from conditions_of(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from conditions_of(part)


def is_plain(node: Node) -> bool:
    """Whether it asks for nothing but what belongs to membership."""
    return all(condition.field.is_plain for condition in conditions_of(node))


def as_data(root: Node) -> dict[str, Any]:
    """The tree as it is kept."""
    return {"version": VERSION, "root": _data(root)}


def _data(node: Node) -> dict[str, Any]:
    match node:
        case AllOf(parts):
            return {"all": [_data(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [_data(part) for part in parts]}
        case Not(part):
            return {"not": _data(part)}
        case Condition(field, operator, value, days):
            said: Mapping[str, Any] = {"value": value, "days": days}
            return {"field": field.code, "operator": operator.value} | {k: v for k, v in said.items() if v is not None}
