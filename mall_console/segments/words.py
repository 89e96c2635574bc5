"""What fields, their codes and conditions are called, as the packages' wordings have it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.identity.asking.fields import Field, Kind, Operator, Unit
from app.kernel import discovery
from app.lifecycle.segments.definitions import AllOf, AnyOf, Condition, Node, Not
from app.lifecycle.segments.known_fields import all_fields
from app.lifecycle.segments.reading import codes_of
from app.lifecycle.segments.wording import OPERATORS, UNITS
from app.web import filters

NAMES: Mapping[str, str] = discovery.merged("MEMBER_FIELDS", named="wording", below=["app"])
SUBJECTS: Mapping[str, str] = discovery.merged("MEMBER_SUBJECTS", named="wording", below=["app"])
_CODES: Mapping[str, Mapping[str, str]] = discovery.merged("MEMBER_FIELD_CODES", named="wording", below=["app"])
# What may stand on a segment.
USE_KINDS: Mapping[str, str] = discovery.merged("SEGMENT_USE_KINDS", named="wording", below=["app"])


@dataclass(frozen=True, slots=True)
class Place:
    """Where segments of every night can be used: what that does, its address below the mall's, and who may."""

    text: str
    path: str
    permission: str


# By the kind of what may stand on a segment.
USE_PLACES: Mapping[str, Place] = {
    "earning": Place("在积分规则里给这群会员加赠积分", "/points/rules/new", "earning.manage"),
    "segment": Place("在其他人群的条件里选「所在人群」", "/segments/new", "segment.edit"),
}
# How an operator reads between the field and its value, where the list of operators would not.
_SAID = {
    Operator.WITHIN: "在近 {} 天内",
    Operator.OVER: "已有 {} 天以上",
    Operator.SINCE: "从 {} 起",
    Operator.UNTIL: "到 {} 为止",
    Operator.NEVER: "从来没有",
    Operator.COMING: "在未来 {} 天内",
    Operator.IN_MONTHS: "的月份是 {}",
    Operator.IS_KNOWN: "已填写",
    Operator.YES: "：是",
    Operator.NO: "：否",
    Operator.AT_LEAST: "不少于 {}",
    Operator.AT_MOST: "不多于 {}",
    Operator.BETWEEN: "在 {} 之间",
    Operator.ANY_OF: "是 {}",
    Operator.ALL_OF: "同时有 {}",
    Operator.NONE_OF: "不是 {}",
}
_SAID_OF_SETS = {Operator.ANY_OF: "有 {}", Operator.NONE_OF: "没有 {}"}
_OPERATORS_OF_SETS = {Operator.ANY_OF: "有其中任一", Operator.NONE_OF: "一个都没有"}


@dataclass(frozen=True, slots=True)
class Told:
    """A part of a definition in words: a condition, or a group of `parts` under what holds for them."""

    text: str
    parts: Sequence["Told"] = ()


def by_subject() -> list[tuple[str, list[Field]]]:
    """The fields under the headings of a form, in the order of the headings."""
    found: dict[str, list[Field]] = {}
    for field in all_fields().values():
        found.setdefault(field.subject, []).append(field)
    return [(SUBJECTS[subject], found[subject]) for subject in SUBJECTS if subject in found]


def codes(field: Field, mall_id: int | None) -> dict[str, str]:
    """The codes that can be chosen, each in words."""
    worded = _CODES.get(field.code, {})
    return {code: name or worded.get(code, code) for code, name in codes_of(field, mall_id).items()}


def operators(field: Field, offered: Sequence[Operator]) -> dict[str, str]:
    """How the field can be compared, in words."""
    own = _OPERATORS_OF_SETS if field.kind is Kind.SET else {}
    return {one.value: own.get(one, OPERATORS[one]) for one in offered}


def unit(field: Field) -> str:
    """What stands behind a number of the field."""
    return UNITS[field.unit] if field.unit else ""


def tell(root: Node, *, mall_id: int | None) -> Told:
    """A definition in words."""
    match root:
        case AllOf(parts):
            return Told("满足全部", [tell(part, mall_id=mall_id) for part in parts])
        case AnyOf(parts):
            return Told("满足任一", [tell(part, mall_id=mall_id) for part in parts])
        case Not(part):
            told = tell(part, mall_id=mall_id)
            return Told(f"排除{told.text}的", told.parts) if told.parts else Told(f"排除：{told.text}")
        case Condition():
            return Told(condition(root, mall_id=mall_id))


def condition(one: Condition, *, mall_id: int | None) -> str:
    """A condition as a sentence."""
    window = f"近 {one.days} 天" if one.days else ""
    own = _SAID_OF_SETS if one.field.kind is Kind.SET else {}
    said = own.get(one.operator) or _SAID[one.operator]
    return f"{window}{NAMES[one.field.code]}{said.format(_value(one, mall_id))}"


def _value(one: Condition, mall_id: int | None) -> str:
    if one.field.kind in (Kind.CHOICE, Kind.SET):
        known = codes(one.field, mall_id)
        return "、".join(known.get(code, code) for code in one.value)
    if one.field.kind is Kind.NUMBER:
        return " 到 ".join(_number(number, one.field) for number in _each(one.value))
    return "、".join(str(part) for part in _each(one.value))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _number(number: int, field: Field) -> str:
    match field.unit:
        case Unit.FEN:
            return filters.yuan(number)
        case Unit.BPS:
            return f"{number / 100:g}%"
        case _:
            return f"{filters.points(number)} {unit(field)}"


def lines(told: Told, depth: int = 0) -> Iterator[tuple[int, str]]:
    """The words line by line, each with how deep it stands, for comparing versions."""
    yield depth, told.text
    for part in told.parts:
        yield from lines(part, depth + 1)
