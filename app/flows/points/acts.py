"""Points for acts other than buying, once a day is over: what was done on it, by the rules that held on it.

Every act is a fact that some package has: the timeline's, an identity, a profile, an event of the mini-program. A mall
pays for what happened in it, the member's home for the rest. Days go one after another and members by their numbers,
so a job that died goes on where it was, and a second one gives nothing twice.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    SQLColumnExpression,
    any_,
    bindparam,
    cast,
    distinct,
    func,
    select,
    union,
)

from app.behaviour.models import BehaviourEvent, BehaviourKind
from app.flows.consequences import returning
from app.identity import people, queries
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.identity.profiles import queries as profiles
from app.identity.profiles.models import MemberProfile
from app.identity.profiles.rules import COMPLETE_BPS
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.kernel.runs import rounds
from app.malls import queries as malls
from app.points.earning import documents, facts, rule_sets
from app.points.earning.acts import ONCE, ActKind, ActRule, Done
from app.points.earning.models import ActDay
from app.points.ledger import entry_queries, ledger
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

_FACTS = {ActKind.PLATE: facts.PLATE, ActKind.PROFILE: facts.PROFILE, ActKind.ADVISER: facts.ADVISER}


class Act(NamedTuple):
    """What somebody did on a day, so many times, in a mall; under the number it was written with."""

    number: int
    mall_id: int | None
    kind: ActKind
    times: int


def next_day(*, now: datetime) -> tuple[date, int] | None:
    """The first day that is over and not wholly credited, with how far it is; None when all are."""
    return rounds.next_day(ActDay, now=now)


def credit_day(day: date, *, after: int, now: datetime, limit: int) -> int:
    """Give what a day's acts earned up to so many members behind a number; returns how many entries were written."""
    numbers = db.session.scalars(_who(day, after=after, limit=limit)).all()
    given = sum(_credit(member_id, acts, day, now=now) for member_id, acts in _by_person(day, numbers))
    done_at = None if len(numbers) == limit else now
    rounds.note(ActDay, day=day, reached=max(numbers, default=after), done_at=done_at)
    return given


def _who(day: date, *, after: int, limit: int) -> Any:
    """The numbers under which anything was done on the day, ascending."""
    event, identity, profile, shared = TimelineEvent, MemberIdentity, MemberProfile, BehaviourEvent
    parts = (
        select(event.member_id).where(*_within(event.occurred_at, day), event.kind.in_(_ON_TIMELINE)),
        select(identity.member_id).where(*_within(identity.bound_at, day), _IS_PLATE),
        select(profile.member_id).where(*_within(profile.changed_at, day)),
        select(shared.member_id).where(*_shared(day)),
    )
    acted = union(*(part.where(part.selected_columns[0] > after) for part in parts)).subquery("acted")
    return select(acted.c[0]).order_by(acted.c[0]).limit(limit)


_ON_TIMELINE = sorted({*(kind.value for kind in PRESENCE), EventKind.WECOM_ADDED.value})
_IS_PLATE = MemberIdentity.kind == IdentityKind.PLATE.value


def _within(moment: SQLColumnExpression[Any], day: date) -> tuple[ColumnElement[bool], ...]:
    return moment >= clock.start_of_day(day), moment < clock.end_of_day(day)


def _shared(day: date) -> tuple[Any, ...]:
    months = {clock.first_of_month(day), clock.first_of_month(day + timedelta(days=1))}
    event = BehaviourEvent
    kind = event.kind == BehaviourKind.SHARE.value
    return (event.month.in_(sorted(months)), kind, *_within(event.occurred_at, day))


def _by_person(day: date, numbers: Sequence[int]) -> Iterator[tuple[int, list[Act]]]:
    """The acts of each person who has these numbers, ascending; who has left is nobody any more."""
    whose = dict(people.find_people(numbers).numbers)
    found: dict[int, list[Act]] = {}
    for act in _list_acts(day, numbers):
        if act.number in whose:
            found.setdefault(whose[act.number], []).append(act)
    return iter(sorted(found.items()))


def _list_acts(day: date, numbers: Sequence[int]) -> Iterator[Act]:
    ids = bindparam("ids", list(numbers), type_=ARRAY(BigInteger))
    return chain(_on_timeline(day, ids), _of_themselves(day, ids), _sharing(day, ids))


def _on_timeline(day: date, ids: BindParameter[Any]) -> Iterator[Act]:
    """Visits, and having added the adviser."""
    event = TimelineEvent
    done = select(event.member_id, event.mall_id, event.kind).where(
        event.member_id == any_(ids), *_within(event.occurred_at, day), event.kind.in_(_ON_TIMELINE)
    )
    for number, mall_id, kind in db.session.execute(done.distinct()):
        is_adviser = kind == EventKind.WECOM_ADDED.value
        if is_adviser or mall_id is not None:
            yield Act(number, mall_id, ActKind.ADVISER if is_adviser else ActKind.VISIT, 1)


def _of_themselves(day: date, ids: BindParameter[Any]) -> Iterator[Act]:
    """What members told of themselves: plates, and anything of their profile."""
    identity, profile = MemberIdentity, MemberProfile
    plates = select(identity.member_id).where(
        identity.member_id == any_(ids), _IS_PLATE, *_within(identity.bound_at, day)
    )
    for number in db.session.scalars(plates.distinct()):
        yield Act(number, None, ActKind.PLATE, 1)
    told = select(profile.member_id).where(profile.member_id == any_(ids), *_within(profile.changed_at, day))
    for number in db.session.scalars(told):
        yield Act(number, None, ActKind.PROFILE, 1)


def _sharing(day: date, ids: BindParameter[Any]) -> Iterator[Act]:
    """Pages that were shared, each counted once."""
    shared = BehaviourEvent
    pages = func.count(distinct(func.concat(shared.page, "|", shared.subject)))
    sharing = select(shared.member_id, pages).where(shared.member_id == any_(ids), *_shared(day))
    for number, times in db.session.execute(sharing.group_by(shared.member_id)):
        yield Act(number, None, ActKind.SHARE, int(times))


def _credit(member_id: int, acts: Collection[Act], day: date, *, now: datetime) -> int:
    """Give one person what the acts of a day earn, each fact once; returns how many entries were written."""
    member = queries.lock_member(member_id)
    if member.id != member_id or not _had_joined(member, day):
        return 0
    earned = [(mall_id, done) for mall_id, done in _earned(member, acts, day) if done.total > 0]
    wanted = {_fact(done.kind, mall_id, day): (mall_id, done) for mall_id, done in earned}
    new = _not_earned(queries.list_person_ids(member_id), wanted, now=now)
    for fact, (mall_id, done) in new.items():
        ledger.accrue(
            member_id,
            points=done.total,
            reason=_reason(done.kind, malls.get_mall(mall_id).name),
            fact=fact,
            now=now,
            mall_id=mall_id,
            earned_on=day,
            breakdown=documents.act_document(done),
        )
    return len(new)


def _not_earned(
    person_ids: Sequence[int], wanted: dict[Fact, tuple[int, Done]], *, now: datetime
) -> dict[Fact, tuple[int, Done]]:
    """What has earned nothing yet: of acts that earn once, not before they left and came back either."""
    known = entry_queries.sum_by_fact(person_ids, list(wanted))
    once = [fact for fact in facts.ONCE if fact in wanted and fact not in known]
    before = returning.list_earned_before(person_ids, once, now=now)
    return {fact: one for fact, one in wanted.items() if fact not in known and fact not in before}


def _reason(kind: ActKind, mall: str) -> Reason:
    match kind:
        case ActKind.VISIT:
            return Reason("visit_points", {"mall": mall})
        case ActKind.SHARE:
            return Reason("share_points", {"mall": mall})
        case ActKind.PLATE:
            return Reason("plate_points", {"mall": mall})
        case ActKind.PROFILE:
            return Reason("profile_points", {"mall": mall})
        case ActKind.ADVISER:
            return Reason("adviser_points", {"mall": mall})
        case ActKind.INVITATION:  # `app/flows/invitations` gives those
            return Reason("invitation_points", {"mall": mall})


def _had_joined(member: Member, day: date) -> bool:
    return queries.is_joined(member) and member.joined_at is not None and clock.business_date(member.joined_at) <= day


def _earned(member: Member, acts: Collection[Act], day: date) -> Iterator[tuple[int, Done]]:
    """What each act gives by the rules of its mall."""
    rules_of = cache(lambda mall_id: {rule.kind: rule for rule in rule_sets.in_force(mall_id, day).acts})
    times: Counter[tuple[int, ActKind]] = Counter()
    for act in acts:
        times[act.mall_id or member.home_mall_id, act.kind] += act.times
    for (mall_id, kind), count in sorted(times.items()):
        rule: ActRule | None = rules_of(mall_id).get(kind)
        if rule is not None and _is_real(member, kind):
            yield mall_id, rule.earned(times=count, nth=_nth(member, rule, mall_id, day))


def _is_real(member: Member, kind: ActKind) -> bool:
    """A profile that changed counts once everything is told."""
    return kind is not ActKind.PROFILE or profiles.get_profile(member.id).completeness_bps == COMPLETE_BPS


def _nth(member: Member, rule: ActRule, mall_id: int, day: date) -> int:
    """Which day of the month it is on which the member was in the mall; 1 where no step asks."""
    if not rule.steps or rule.kind is not ActKind.VISIT:
        return 1
    event = TimelineEvent
    on = cast(func.timezone(clock.MALL_ZONE.key, event.occurred_at), Date)
    days = select(func.count(distinct(on))).where(
        event.member_id.in_(queries.list_person_ids(member.id)),
        event.mall_id == mall_id,
        event.kind.in_(sorted(PRESENCE)),
        event.occurred_at >= clock.start_of_day(clock.first_of_month(day)),
        event.occurred_at < clock.end_of_day(day),
    )
    return db.session.scalar(days) or 1


def _fact(kind: ActKind, mall_id: int, day: date) -> Fact:
    if kind in ONCE:
        return _FACTS[kind]
    return facts.visited(mall_id, day) if kind is ActKind.VISIT else facts.shared(day)
