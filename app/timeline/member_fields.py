"""What members can be asked for: how often and when they came, and what they did."""

from sqlalchemy import func, true

from app.identity.asking.fields import Field, Kind, Rows, Unit, by_code, fixed
from app.kernel.db import table_of
from app.timeline.models import EventKind, TimelineEvent

_EVENTS = table_of(TimelineEvent)
_one = _EVENTS.c
_DONE = Rows(name="done", table=_EVENTS, member_id=_one.member_id, at=_one.occurred_at)
# What somebody does in the mall itself.
_PRESENCE = (EventKind.VISITED, EventKind.PURCHASED, EventKind.COUPON_REDEEMED, EventKind.PARKING_PAID)
# What somebody does; the rest is done to them, or takes back what they did.
_ACTS = (
    EventKind.SCANNED,
    EventKind.TASK_DONE,
    EventKind.COUPON_CLAIMED,
    EventKind.COUPON_REDEEMED,
    EventKind.PURCHASED,
    EventKind.VISITED,
    EventKind.PARKING_PAID,
    EventKind.WECOM_ADDED,
    EventKind.GROUP_JOINED,
    EventKind.BROWSED,
)

FIELDS = by_code(
    Field(
        code="visits",
        kind=Kind.NUMBER,
        unit=Unit.TIMES,
        subject="visits",
        value=lambda asking: asking.over(_DONE, func.count(), _one.kind == EventKind.VISITED.value),
        has_window=True,
    ),
    Field(
        code="last_visit",
        kind=Kind.DAY,
        subject="visits",
        value=lambda asking: asking.over(
            _DONE, func.max(_one.occurred_at), _one.kind.in_([kind.value for kind in _PRESENCE])
        ),
    ),
    Field(
        code="acts",
        kind=Kind.SET,
        subject="visits",
        value=lambda asking: asking.over(_DONE, func.bool_or(true()), _one.kind.in_(asking.codes)),
        codes=fixed(*(kind.value for kind in _ACTS)),
        has_window=True,
    ),
)
