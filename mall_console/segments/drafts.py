"""A definition while somebody builds it: a tree of what the form's fields hold, right or wrong.

A form names a part by its path, `r` being the whole, `r.0` its first part: `node` lists them, `mode-r` is `all` or
`any`, `not-r` excludes; `field-r.0`, `how-r.0`, `value-r.0` (as often as there are values) and `days-r.0` are a
condition's. Buttons send `do`: `add:r`, with the field chosen in `new-r`, `group:r`, `drop:r.0`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.identity.asking.fields import OPERATORS, Field, Kind, Operator, Unit
from app.kernel.spelling import marks
from app.lifecycle.segments import definitions
from app.lifecycle.segments.definitions import MOST_CONDITIONS, MOST_DEPTH, AllOf, AnyOf, Condition, Node, Not
from app.lifecycle.segments.known_fields import all_fields

ROOT = "r"
_MOST_NODES = 3 * MOST_CONDITIONS
_PATH = re.compile(r"r(?:\.[0-9]{1,2}){0,8}")
_WHOLE = re.compile(r"[0-9]{1,13}")
_HUNDREDTHS = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,2})?")
_HUNDREDS = (Unit.FEN, Unit.BPS)
Get = Callable[[str], Sequence[str]]


@dataclass
class Leaf:
    """A condition as it is typed."""

    code: str
    how: str
    values: list[str] = field(default_factory=list)
    days: str = ""
    is_new: bool = False

    @property
    def known(self) -> Field | None:
        return all_fields().get(self.code)


@dataclass
class Group:
    """Conditions and groups of which all hold, or any, or that are excluded."""

    mode: str = "all"
    is_excluded: bool = False
    parts: list["Part"] = field(default_factory=list)


Part = Leaf | Group


def read(get: Get) -> Group:
    """The tree that a form holds; what nobody could have sent is left out."""
    paths = [path for path in get("node")[:_MOST_NODES] if _PATH.fullmatch(path)]
    found: dict[str, Part] = {ROOT: Group()}
    for path in sorted(paths, key=_places):
        part = _part(path, get)
        above = found.get(path.rpartition(".")[0])
        if path == ROOT and isinstance(part, Group):
            found[ROOT] = part
        elif isinstance(above, Group):
            above.parts.append(part)
            found[path] = part
    root = found[ROOT]
    return root if isinstance(root, Group) else Group()


def _places(path: str) -> tuple[int, ...]:
    return tuple(int(place) for place in path.split(".")[1:])


def _part(path: str, get: Get) -> Part:
    code = _first(get(f"field-{path}"))
    if not code:
        return Group("any" if _first(get(f"mode-{path}")) == "any" else "all", bool(get(f"not-{path}")))
    typed = [marks.one_line(value) for value in get(f"value-{path}")]
    days = marks.one_line(_first(get(f"days-{path}")))
    return Leaf(code, _first(get(f"how-{path}")), [value for value in typed if value], days)


def _first(values: Sequence[str]) -> str:
    return values[0] if values else ""


def act(root: Group, do: str, get: Get) -> None:
    """What a button asks for: a condition more, a group more, or a part less."""
    verb, _, path = do.partition(":")
    part, above, place = _find(root, path)
    if verb == "drop" and above is not None:
        del above.parts[place]
    elif verb == "group" and isinstance(part, Group) and path.count(".") + 2 <= MOST_DEPTH:
        part.parts.append(Group("any" if part.mode == "all" else "all"))
    elif verb == "add" and isinstance(part, Group):
        known = all_fields().get(_first(get(f"new-{path}")))
        if known is not None:
            part.parts.append(Leaf(known.code, OPERATORS[known.kind][0].value, is_new=True))


def find(root: Group, path: str) -> Part | None:
    """The part of a path; None where there is none."""
    return _find(root, path)[0]


def _find(root: Group, path: str) -> tuple[Part | None, Group | None, int]:
    """The part of a path, the group that holds it, and its place there; nothing where there is none."""
    part: Part | None = root if _PATH.fullmatch(path) else None
    above, place = None, 0
    for place in _places(path) if part else ():
        if not isinstance(part, Group) or place >= len(part.parts):
            return None, None, 0
        above, part = part, part.parts[place]
    return part, above, place


def of(root: Node) -> Group:
    """The tree of a definition that is kept."""
    part = _of(root)
    return part if isinstance(part, Group) else Group(parts=[part])


def _of(node: Node) -> Part:
    match node:
        case AllOf(parts) | AnyOf(parts):
            return Group("any" if isinstance(node, AnyOf) else "all", parts=[_of(part) for part in parts])
        case Not(one):
            part = _of(one)
            inner = part if isinstance(part, Group) and not part.is_excluded else Group(parts=[part])
            return Group(inner.mode, True, inner.parts)
        case Condition(known, operator, value, days):
            return Leaf(known.code, operator.value, _typed(known, operator, value), str(days or ""))


def _typed(known: Field, operator: Operator, value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    if known.kind is Kind.NUMBER and known.unit in _HUNDREDS:
        return [f"{Decimal(number) / 100:f}" for number in values]
    return [str(one) for one in values]


def as_data(root: Group) -> dict[str, Any]:
    """The definition as it is kept, if it is right: what cannot be read stays as it was typed, to be refused."""
    return {"version": definitions.VERSION, "root": _data(root)}


def _data(part: Part) -> dict[str, Any]:
    if isinstance(part, Group):
        group = {part.mode: [_data(one) for one in part.parts]}
        return {"not": group} if part.is_excluded else group
    said: Mapping[str, Any] = {"value": _value(part), "days": _whole(part.days) if part.days else None}
    return {"field": part.code, "operator": part.how} | {k: v for k, v in said.items() if v is not None}


def _value(leaf: Leaf) -> Any:
    if leaf.known is None or not leaf.values:
        return None
    match leaf.how:
        case Operator.NEVER | Operator.IS_KNOWN | Operator.YES | Operator.NO:
            return None
        case Operator.ANY_OF | Operator.ALL_OF | Operator.NONE_OF:
            return leaf.values
        case Operator.IN_MONTHS:
            return [_whole(value) for value in leaf.values]
        case Operator.BETWEEN:
            return [_number(value, leaf.known) for value in leaf.values[:2]]
        case Operator.SINCE | Operator.UNTIL:
            return leaf.values[0]
        case Operator.AT_LEAST | Operator.AT_MOST:
            return _number(leaf.values[0], leaf.known)
        case _:
            return _whole(leaf.values[0])


def _number(text: str, known: Field) -> int | str:
    if known.unit not in _HUNDREDS:
        return _whole(text)
    text = text.replace(",", "")
    return int(Decimal(text) * 100) if _HUNDREDTHS.fullmatch(text) else text


def _whole(text: str) -> int | str:
    text = text.replace(",", "")
    return int(text) if _WHOLE.fullmatch(text) else text
