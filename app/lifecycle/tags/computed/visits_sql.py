"""Days on which members came or browsed, as the timeline and the car parks know them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Select,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from app.kernel import clock
from app.kernel.db import table_of
from app.kernel.lists.days import day_of
from app.lifecycle.tags.computed.rules import HOURS_END, MORNING_FROM, Hours, Week
from app.lifecycle.tags.computed.window import Window, each, sum_where
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

_EVENTS = table_of(TimelineEvent)
_NO_VISIT = "none"  # a day on which somebody only browsed is in no part of the week and of the day
_PRESENCE = [kind.value for kind in PRESENCE]


def visits(window: Window, stays: Select[Any]) -> Select[Any]:
    """Days on which somebody came or browsed: the timeline's, and those on which their car stood in the car park."""
    one = _dated(window, stays).subquery("dated").c
    came = one.came_at.is_not(None)
    week = case((one.weekday >= 6, Week.WEEKEND.value), else_=Week.WORKDAY.value)
    rows = (
        select(
            *one,
            case((came, week), else_=_NO_VISIT).label("week"),
            case((came, _part_of(one.hour)), else_=_NO_VISIT).label("hours"),
        ).subquery("rows")
    ).c
    came, browsed, parked = rows.came_at.is_not(None), rows.browsed, rows.parked
    return select(
        rows.person_id,
        rows.week,
        rows.hours,
        func.count().filter(came),
        sum_where(rows.weight, came),
        func.count().filter(parked),
        sum_where(rows.weight, parked),
        cast(func.coalesce(func.sum(rows.stays), 0), BigInteger),
        func.coalesce(func.sum(rows.stays * rows.weight), 0),
        cast(func.coalesce(func.sum(rows.minutes), 0), BigInteger),
        func.count().filter(browsed),
        sum_where(rows.weight, browsed),
    ).group_by(each(rows.person_id, rows.week, rows.hours))


def _dated(window: Window, stays: Select[Any]) -> Select[Any]:
    """The days with their weight, day of the week and hour of coming: the offset lets each be worked out once a row."""
    one = _days(window, stays).subquery("days").c
    local = func.timezone(clock.MALL_ZONE.key, one.came_at)
    return select(
        *one,
        window.weight(one.day).label("weight"),
        func.date_part("isodow", one.day, type_=Double()).label("weekday"),
        func.date_part("hour", local, type_=Double()).label("hour"),
    ).offset(0)


def _days(window: Window, stays: Select[Any]) -> Select[Any]:
    """A row for each person and day: when they came first, whether they browsed or parked, and for how long."""
    event = _EVENTS.c
    stayed = stays.subquery("stayed").c
    kinds = [*_PRESENCE, EventKind.BROWSED.value]
    browsed: ColumnElement[bool] = event.kind == EventKind.BROWSED.value
    acts = union_all(
        select(
            event.member_id,
            event.occurred_at.label("at"),
            browsed.label("browsed"),
            literal(False, Boolean).label("parked"),
            cast(null(), BigInteger).label("minutes"),
        ).where(event.kind.in_(kinds), window.holds(event.occurred_at)),
        select(
            stayed.member_id,
            stayed.at,
            literal(False, Boolean),
            literal(True, Boolean),
            stayed.minutes,
        ).where(window.holds(stayed.at)),
    ).subquery("acts")
    one, day = acts.c, day_of(acts.c.at).label("day")
    person = window.person(one.member_id)
    return (
        select(
            person,
            day,
            func.min(one.at).filter(~one.browsed).label("came_at"),
            func.bool_or(one.browsed).label("browsed"),
            func.bool_or(one.parked).label("parked"),
            func.count(one.minutes).label("stays"),
            func.sum(one.minutes).label("minutes"),
        )
        .select_from(acts.outerjoin(window.numbers, window.is_number_of(one.member_id)))
        .group_by(person, day)
    )


def _part_of(hour: ColumnElement[float]) -> ColumnElement[str]:
    """The part of the day that holds an hour."""
    before = [(hour < end, part.value) for part, end in HOURS_END.items()]
    return case((hour < MORNING_FROM, Hours.NIGHT.value), *before, else_=Hours.NIGHT.value)
