"""How a value compares, as SQL: what holds is true, and what does not is false or unknown."""

from calendar import isleap
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Date, Integer, Text, any_, bindparam, func, or_, true

from app.identity.asking.fields import Field, Operator
from app.kernel import clock
from app.lifecycle.segments.definitions import Condition

Value = ColumnElement[Any]
_LAST_OF_FEBRUARY = 228


def holds(condition: Condition, value: Value, *, today: date) -> ColumnElement[bool]:
    """Whether the value compares as the condition says; sets are asked for their codes instead."""
    return _COMPARE[condition.operator](value, condition, today)


def _at_least(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    least: int = condition.value
    return _number(value, condition.field, is_met_by_0=least <= 0) >= least


def _at_most(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    most: int = condition.value
    return _number(value, condition.field, is_met_by_0=True) <= most


def _between(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    low, high = condition.value
    return _number(value, condition.field, is_met_by_0=low <= 0).between(low, high)


def _number(value: Value, field: Field, *, is_met_by_0: bool) -> Value:
    """The number; what is not there is 0, which need not be said where 0 would not do: the plan is better without."""
    return func.coalesce(value, 0) if is_met_by_0 and field.starts_at_0 else value


def _within(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value >= _begin(value, today - timedelta(days=condition.value - 1))


def _over(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value < _begin(value, today - timedelta(days=condition.value - 1))


def _since(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value >= _begin(value, date.fromisoformat(condition.value))


def _until(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value < _begin(value, date.fromisoformat(condition.value) + timedelta(days=1))


def _begin(value: Value, day: date) -> date | datetime:
    """The day, as the value's column has it: its first moment, or itself."""
    return day if isinstance(value.type, Date) else clock.start_of_day(day)


def _is_null(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value.is_(None)


def _is_known(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value.is_not(None)


def _is_one_of(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    is_whole = isinstance(value.type, Integer)
    codes = [int(code) if is_whole else code for code in condition.value]
    return value == any_(bindparam(None, codes, type_=ARRAY(BigInteger() if is_whole else Text())))


def _is_none_of(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return _is_one_of(value, condition, today).is_not(true())


def _is_true(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value


def _is_not_true(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return value.is_not(true())


def _coming(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    """The 29th of February is kept on the 28th in a year without one."""
    last = today + timedelta(days=condition.value - 1)
    first_key, last_key = _key(today), _key(last)
    if last_key == _LAST_OF_FEBRUARY and not isleap(last.year):
        last_key += 1
    if last.year == today.year:
        return value.between(first_key, last_key)
    if last_key >= first_key:
        return value.is_not(None)
    return or_(value >= first_key, value <= last_key)


def _key(day: date) -> int:
    return day.month * 100 + day.day


def _in_months(value: Value, condition: Condition, today: date) -> ColumnElement[bool]:
    return or_(*(value.between(month * 100 + 1, month * 100 + 31) for month in condition.value))


Compare = Callable[[Value, Condition, date], ColumnElement[bool]]
_COMPARE: Mapping[Operator, Compare] = {
    Operator.ANY_OF: _is_one_of,
    Operator.NONE_OF: _is_none_of,
    Operator.AT_LEAST: _at_least,
    Operator.AT_MOST: _at_most,
    Operator.BETWEEN: _between,
    Operator.WITHIN: _within,
    Operator.OVER: _over,
    Operator.SINCE: _since,
    Operator.UNTIL: _until,
    Operator.NEVER: _is_null,
    Operator.COMING: _coming,
    Operator.IN_MONTHS: _in_months,
    Operator.IS_KNOWN: _is_known,
    Operator.YES: _is_true,
    Operator.NO: _is_not_true,
}
