"""Reading a definition from data, with everything that is wrong with it said where it is wrong."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.identity.asking.fields import OPERATORS, Field, Operator
from app.lifecycle.segments.definitions import MOST_CONDITIONS, MOST_DEPTH, VERSION, AllOf, AnyOf, Condition, Node, Not
from app.lifecycle.segments.errors import DefinitionWrong, Fault, Faulty

MOST_CODES = 50
MOST_DAYS = 3_650
_YEAR = 366
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_GROUPS: Mapping[str, Callable[[list[Node]], Node]] = {"all": AllOf, "any": AnyOf}


class _Wrong(Exception):
    """One part cannot be read."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def read(data: object, fields: Mapping[str, Field], *, mall_id: int | None) -> Node:
    """The tree that the data says, for a mall or (None) the group; raises DefinitionWrong with every fault."""
    if not isinstance(data, Mapping) or data.get("version") != VERSION or set(data) != {"version", "root"}:
        raise DefinitionWrong([Faulty("", Fault.UNREADABLE)])
    reader = _Reader(fields, mall_id)
    root = reader.node(data["root"], "", depth=1)
    if reader.faults or root is None:
        raise DefinitionWrong(reader.faults)
    return root


class _Reader:
    """Reads a tree; what is wrong is collected, so that a form can show all of it at once."""

    def __init__(self, fields: Mapping[str, Field], mall_id: int | None) -> None:
        self.faults: list[Faulty] = []
        self._fields, self._mall_id = fields, mall_id
        self._conditions = 0

    def node(self, data: object, path: str, *, depth: int) -> Node | None:
        try:
            return self._node(data, path, depth)
        except _Wrong as wrong:
            self.faults.append(Faulty(path, wrong.fault))
            return None

    def _node(self, data: object, path: str, depth: int) -> Node | None:
        if not isinstance(data, Mapping):
            raise _Wrong(Fault.UNREADABLE)
        if "field" in data:
            return self._condition(data)
        if depth > MOST_DEPTH:
            raise _Wrong(Fault.TOO_DEEP)
        if set(data) == {"not"}:
            part = self.node(data["not"], path, depth=depth)
            return None if part is None else Not(part)
        for name, group in _GROUPS.items():
            if set(data) == {name}:
                parts = self._parts(data[name], path, depth)
                return None if parts is None else group(parts)
        raise _Wrong(Fault.UNREADABLE)

    def _parts(self, data: object, path: str, depth: int) -> list[Node] | None:
        if not isinstance(data, list):
            raise _Wrong(Fault.UNREADABLE)
        if not data:
            raise _Wrong(Fault.EMPTY)
        if len(data) > MOST_CONDITIONS:
            raise _Wrong(Fault.TOO_LARGE)
        found = [
            self.node(part, f"{path}.{place}" if path else str(place), depth=depth + 1)
            for place, part in enumerate(data)
        ]
        parts = [part for part in found if part is not None]
        return parts if len(parts) == len(found) else None

    def _condition(self, data: Mapping[str, Any]) -> Condition:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise _Wrong(Fault.TOO_LARGE)
        if set(data) - {"field", "operator", "value", "days"}:
            raise _Wrong(Fault.UNREADABLE)
        field = self._fields.get(data["field"]) if isinstance(data["field"], str) else None
        if field is None:
            raise _Wrong(Fault.FIELD_UNKNOWN)
        operator = next((one for one in OPERATORS[field.kind] if one.value == data.get("operator")), None)
        if operator is None:
            raise _Wrong(Fault.OPERATOR_UNKNOWN)
        value = _VALUES[operator](data.get("value"), field)
        if operator in _WITH_CODES and not set(value) <= set(codes_of(field, self._mall_id)):
            raise _Wrong(Fault.CODE_UNKNOWN)
        return Condition(field, operator, value, _window(data.get("days"), field))


def codes_of(field: Field, mall_id: int | None) -> Mapping[str, str]:
    """The codes that a field knows; none for a field without."""
    return field.codes(mall_id) if field.codes else {}


def _window(days: object, field: Field) -> int | None:
    if days is None:
        return None
    if not field.has_window or not _is_number(days, 1, MOST_DAYS):
        raise _Wrong(Fault.DAYS_WRONG)
    return days  # type: ignore[return-value]


def _is_number(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _number(value: object, least: int, most: int) -> int:
    if value is None:
        raise _Wrong(Fault.VALUE_MISSING)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong(Fault.VALUE_WRONG)
    if not least <= value <= most:
        raise _Wrong(Fault.VALUE_OUT_OF_RANGE)
    return value


def _list(value: object, most: int) -> list[Any]:
    if value is None or value == []:
        raise _Wrong(Fault.VALUE_MISSING)
    if not isinstance(value, list):
        raise _Wrong(Fault.VALUE_WRONG)
    if len(value) > most:
        raise _Wrong(Fault.TOO_MANY_CODES)
    return value


def _amount(value: object, field: Field) -> int:
    return _number(value, 0, field.most)


def _span(value: object, field: Field) -> list[int]:
    numbers = [_amount(one, field) for one in _list(value, 2)]
    if len(numbers) != 2:
        raise _Wrong(Fault.VALUE_MISSING)
    if numbers[0] > numbers[1]:
        raise _Wrong(Fault.VALUE_OUT_OF_RANGE)
    return numbers


def _codes(value: object, field: Field) -> list[str]:
    codes = _list(value, MOST_CODES)
    if not all(isinstance(code, str) for code in codes):
        raise _Wrong(Fault.VALUE_WRONG)
    return list(dict.fromkeys(codes))


def _days(value: object, field: Field) -> int:
    return _number(value, 1, MOST_DAYS)


def _coming_days(value: object, field: Field) -> int:
    return _number(value, 1, _YEAR)


def _months(value: object, field: Field) -> list[int]:
    return sorted({_number(month, 1, 12) for month in _list(value, 12)})


def _day(value: object, field: Field) -> str:
    if value is None:
        raise _Wrong(Fault.VALUE_MISSING)
    try:
        day = date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise _Wrong(Fault.VALUE_WRONG) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise _Wrong(Fault.VALUE_OUT_OF_RANGE)
    return day.isoformat()


def _nothing(value: object, field: Field) -> None:
    if value is not None:
        raise _Wrong(Fault.VALUE_WRONG)


_WITH_CODES = (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF)
_VALUES: Mapping[Operator, Callable[[object, Field], Any]] = {
    Operator.ANY_OF: _codes,
    Operator.ALL_OF: _codes,
    Operator.NONE_OF: _codes,
    Operator.AT_LEAST: _amount,
    Operator.AT_MOST: _amount,
    Operator.BETWEEN: _span,
    Operator.WITHIN: _days,
    Operator.OVER: _days,
    Operator.SINCE: _day,
    Operator.UNTIL: _day,
    Operator.NEVER: _nothing,
    Operator.COMING: _coming_days,
    Operator.IN_MONTHS: _months,
    Operator.IS_KNOWN: _nothing,
    Operator.YES: _nothing,
    Operator.NO: _nothing,
}
