"""Who stays away, since when, and what is known of them from before: set-based reads, no rule in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, func, not_, or_, select
from sqlalchemy.dialects.postgresql import array

from app.care.case_kinds import MEMBER_REQUEST
from app.care.models import CareAct
from app.cases.models import Case
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberStatus
from app.identity.people import as_rows, list_numbers
from app.identity.profiles import queries as profiles
from app.identity.profiles.models import MemberProfile
from app.kernel import clock
from app.kernel.db import db, take_long
from app.kernel.lists.days import day_of
from app.lifecycle.causes import rules
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.causes.rules import Act, ActKind, History
from app.malls.models import Store
from app.purchases.models import Purchase
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

# Purchases and refunds are read where they stand, with their store.
_ACTS = {
    EventKind.VISITED: ActKind.VISITED,
    EventKind.PARKING_PAID: ActKind.PARKED,
    EventKind.COUPON_CLAIMED: ActKind.COUPON_GOT,
    EventKind.COUPON_GIVEN: ActKind.COUPON_GOT,
    EventKind.COUPON_REDEEMED: ActKind.COUPON_USED,
    EventKind.REDEMPTION_REVERSED: ActKind.REVERSED,
}
_COMPLAINT = "complaint"
_PARKING = "parking"  # where a coupon was used


class Silence(NamedTuple):
    """A member who stays away, and the day of their last visit."""

    member_id: int
    home_mall_id: int
    last_on: date


class Changed(NamedTuple):
    """Silences that are to be judged, and members who were judged for one that is over."""

    unjudged: list[Silence]
    over: list[int]


def find_changed(as_of: date) -> Changed:
    """Who has stayed away long enough by the end of the day without being judged for it, and who came back."""
    take_long()
    last = _last_visits(as_of).subquery("last")
    judged, last_on = SleepCause, day_of(last.c.at).label("last_on")
    is_silent = (last.c.at < clock.end_of_day(as_of - timedelta(days=rules.SILENT_DAYS))).label("is_silent")
    rows = db.session.execute(
        select(Member.id, Member.home_mall_id, last_on, is_silent)
        .join(last, last.c.person_id == Member.id)
        .outerjoin(judged, judged.member_id == Member.id)
        .where(
            or_(is_silent, judged.member_id.is_not(None)),
            judged.silent_since.is_distinct_from(last_on),
            Member.status == MemberStatus.MEMBER.value,
            profiles.is_profiled(Member.id),
        )
        .order_by(Member.id)
    ).all()
    return Changed(
        [Silence(row.id, row.home_mall_id, row.last_on) for row in rows if row.is_silent],
        [row.id for row in rows if not row.is_silent],
    )


def _last_visits(as_of: date) -> Select[tuple[int, datetime]]:
    one, numbers = TimelineEvent, as_rows(list_numbers().items())
    person: ColumnElement[int] = func.coalesce(numbers.c.person_id, one.member_id).label("person_id")
    return (
        select(person, func.max(one.occurred_at).label("at"))
        .outerjoin(numbers, numbers.c.member_id == one.member_id)
        .where(one.kind.in_([kind.value for kind in PRESENCE]), one.occurred_at < clock.end_of_day(as_of))
        .group_by(person)
    )


def read_histories(silences: Sequence[Silence]) -> dict[int, History]:
    """What is known of each of them; some hundred at a time."""
    whose = _whose({one.member_id for one in silences})
    since = clock.start_of_day(min(one.last_on for one in silences) - timedelta(days=rules.KNOWN_DAYS))
    acts = _acts(whose, since)
    complaints, plates, nearby = _complaints(whose, since), _plates(whose), _nearby(whose)
    return {
        one.member_id: History(
            last_on=one.last_on,
            acts=acts[one.member_id],
            complained_on=complaints[one.member_id],
            plates_bound_on=plates[one.member_id],
            nearby=nearby.get(one.member_id),
        )
        for one in silences
    }


def _whose(people: Collection[int]) -> dict[int, int]:
    """Every number of these people → who that is."""
    return {one: one for one in people} | {
        number: person for number, person in list_numbers().items() if person in people
    }


def _acts(whose: Mapping[int, int], since: datetime) -> Mapping[int, list[Act]]:
    acts: dict[int, list[Act]] = defaultdict(list)
    one = Purchase
    for row in db.session.execute(
        select(one.member_id, one.refund_of_id, one.occurred_at, one.mall_id, Store.category_code)
        .join(Store, Store.id == one.store_id)
        .where(one.member_id.in_(whose), one.occurred_at >= since)
    ):
        kind = ActKind.BOUGHT if row.refund_of_id is None else ActKind.REFUNDED
        acts[whose[row.member_id]].append(Act(kind, clock.local(row.occurred_at), row.mall_id, row.category_code))
    event = TimelineEvent
    # A coupon for a car park is no part of a purchase: whoever uses one did not come for a lower price.
    is_of_parking = (event.kind == EventKind.COUPON_REDEEMED.value) & (event.source == _PARKING)
    for member_id, code, at, mall_id in db.session.execute(
        select(event.member_id, event.kind, event.occurred_at, event.mall_id).where(
            event.member_id.in_(whose),
            event.occurred_at >= since,
            event.kind.in_([kind.value for kind in _ACTS]),
            not_(is_of_parking),
        )
    ).tuples():
        acts[whose[member_id]].append(Act(_ACTS[EventKind(code)], clock.local(at), mall_id))
    return acts


def _complaints(whose: Mapping[int, int], since: datetime) -> Mapping[int, list[date]]:
    """When they asked for something to be put right: a case about them, or amends made."""
    days: dict[int, list[date]] = defaultdict(list)
    names = {f"member:{number}": person for number, person in whose.items()}
    asked = Case.evidence.op("?|")(array(names))
    for case in db.session.execute(
        select(Case.evidence, Case.raised_at).where(Case.kind == MEMBER_REQUEST.code, Case.raised_at >= since, asked)
    ):
        for person in {names[name] for name in case.evidence if name in names}:
            days[person].append(clock.business_date(case.raised_at))
    amends = select(CareAct.member_id, CareAct.done_at).where(
        CareAct.member_id.in_(whose), CareAct.reason == _COMPLAINT, CareAct.done_at >= since
    )
    for act in db.session.execute(amends):
        days[whose[act.member_id]].append(clock.business_date(act.done_at))
    return days


def _plates(whose: Mapping[int, int]) -> Mapping[int, list[date]]:
    days: dict[int, list[date]] = defaultdict(list)
    one = MemberIdentity
    for row in db.session.execute(
        select(one.member_id, one.bound_at).where(one.member_id.in_(whose), one.kind == IdentityKind.PLATE.value)
    ):
        days[whose[row.member_id]].append(clock.business_date(row.bound_at))
    return days


def _nearby(whose: Mapping[int, int]) -> dict[int, str]:
    one = MemberProfile
    rows: Sequence[Row[tuple[int, str | None]]] = db.session.execute(
        select(one.member_id, one.nearby).where(one.member_id.in_(whose), one.nearby.is_not(None))
    ).all()
    return {whose[member_id]: nearby for member_id, nearby in rows if nearby is not None}


def is_to_be_judged() -> ColumnElement[bool]:
    """Whether the member of a judged silence is still one of whom things may be concluded."""
    member = select(Member.id).where(Member.id == SleepCause.member_id, Member.status == MemberStatus.MEMBER.value)
    return member.exists() & profiles.is_profiled(SleepCause.member_id)
