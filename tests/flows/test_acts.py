"""Points for acts other than buying: only what was really done, each fact once, by the rules of its day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.behaviour.models import BehaviourEvent, BehaviourKind
from app.flows.members import merging
from app.identity import plates
from app.identity.models import Member
from app.identity.profiles import profiles
from app.identity.profiles.models import Nearby
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls.models import Mall
from app.points.earning import documents, rule_sets, wording
from app.points.earning.acts import ActKind, ActRule, Step
from app.points.earning.errors import EarningRulesInvalid
from app.points.earning.models import ActDay
from app.points.earning.rules import Rules
from app.points.ledger.models import PointsEntry
from app.timeline import events
from app.timeline.models import EventKind
from app.workers.points import acts as worker
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.profiles import tell_everything

DAY = date(2026, 3, 10)
MORNING = datetime(2026, 3, 11, 5, 30, tzinfo=clock.MALL_ZONE)
RULES = Rules(
    acts=(
        ActRule(kind=ActKind.VISIT, points=10, steps=(Step(3, 50), Step(6, 100))),
        ActRule(kind=ActKind.SHARE, points=2, a_day=3),
        ActRule(kind=ActKind.PLATE, points=30),
        ActRule(kind=ActKind.PROFILE, points=40),
        ActRule(kind=ActKind.ADVISER, points=20),
    )
)


@dataclass
class Place:
    mall: Mall
    member: Member


@pytest.fixture
def place(db_session: object) -> Iterator[Place]:
    mall = make_mall()
    member = join(mall)
    rule_sets.open_with(mall.id, RULES, effective_from=date(2026, 1, 1), by="运营", now=MORNING)
    with clock.freeze(MORNING):
        yield Place(mall, member)


def at(day: date, hour: int = 12) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=hour)


def join(mall: Mall, moment: datetime = datetime(2025, 1, 1, tzinfo=clock.MALL_ZONE)) -> Member:
    with clock.freeze(moment):
        return make_member(mall)


def visit(member: Member, mall: Mall, day: date = DAY, *, hour: int = 12, kind: EventKind = EventKind.VISITED) -> None:
    events.record(
        member.id,
        kind=kind,
        fact=Fact("test", day.isoformat(), f"{hour}-{kind.value}"),
        occurred_at=at(day, hour),
        mall_id=mall.id,
        store_id=None,
        source="gate",
    )


def share(member: Member, page: str, *, number: int = 0) -> None:
    db.session.add(
        BehaviourEvent(
            member_id=member.id,
            month=clock.first_of_month(DAY),
            event_id=f"{page}-{number}",
            kind=BehaviourKind.SHARE.value,
            occurred_at=at(DAY),
            received_at=at(DAY),
            page=page,
            scene="",
        )
    )
    db.session.flush()


def credit() -> int:
    given = 0
    while True:
        written, more = worker.credit_acts()
        given += written
        if not more:
            return given


def entries(member: Member) -> list[tuple[str, int]]:
    rows = select(PointsEntry.reason_code, PointsEntry.points).where(PointsEntry.member_id == member.id)
    return sorted((code, points) for code, points in db.session.execute(rows))


@pytest.mark.requirement("S2.13")
def test_a_day_in_the_mall_earns_once_and_more_on_the_third_of_the_month(place: Place) -> None:
    for day in (date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 5), DAY):
        visit(place.member, place.mall, day)
    visit(place.member, place.mall, hour=18)
    visit(place.member, place.mall, hour=19, kind=EventKind.PURCHASED)
    assert credit() == 1 and credit() == 0
    (entry,) = db.session.scalars(select(PointsEntry).where(PointsEntry.member_id == place.member.id))
    assert (entry.points, entry.reason_code, entry.mall_id) == (60, "visit_points", place.mall.id)
    assert entry.breakdown is not None
    told = wording.explain(documents.to_breakdown(entry.breakdown))
    assert told == "到店 10 积分 + 本月第 3 天到店 50 积分"
    assert entry.breakdown["parts"] == [{"points": 60, "payer": "mall"}]


@pytest.mark.requirement("S2.13")
def test_sharing_earns_for_each_page_up_to_the_days_most(place: Place) -> None:
    for number, page in enumerate(("a", "a", "b", "c", "d", "e")):
        share(place.member, page, number=number)
    credit()
    assert entries(place.member) == [("share_points", 6)]


@pytest.mark.requirement("S2.13")
def test_a_plate_a_whole_profile_and_an_adviser_earn_once_in_all(place: Place) -> None:
    with clock.freeze(at(DAY)):
        plates.bind(place.member.id, "沪A12345", now=at(DAY))
        profiles.tell_nearby(place.member.id, Nearby.HOME, now=at(DAY))
    visit(place.member, place.mall, kind=EventKind.WECOM_ADDED)
    credit()
    assert entries(place.member) == [("adviser_points", 20), ("plate_points", 30)]
    with clock.freeze(at(DAY + timedelta(days=1))):
        tell_everything(place.member)
        plates.bind(place.member.id, "沪A54321", now=at(DAY + timedelta(days=1)))
    with clock.freeze(MORNING + timedelta(days=1)):
        credit()
    assert entries(place.member) == [("adviser_points", 20), ("plate_points", 30), ("profile_points", 40)]


def test_who_has_not_joined_by_then_and_what_no_rule_names_earns_nothing(place: Place) -> None:
    late = join(place.mall, at(DAY + timedelta(days=1), hour=1))
    visit(late, place.mall)
    elsewhere = make_mall()
    visit(place.member, elsewhere)
    assert credit() == 0
    assert db.session.scalars(select(ActDay.day)).all() == [DAY]


def test_days_that_were_missed_are_caught_up_in_batches_by_any_number_of_workers(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LIMIT", 2)
    people = [join(place.mall) for _ in range(5)]
    credit()
    for person in people:
        visit(person, place.mall, DAY + timedelta(days=1))
        visit(person, place.mall, DAY + timedelta(days=2))
    with clock.freeze(MORNING + timedelta(days=2)):
        assert credit() == 10
        db.session.query(ActDay).update({"done_at": None, "reached_id": 0})  # as if another began anew
        assert credit() == 0
    assert [entries(person) for person in people] == [[("visit_points", 10)] * 2] * 5


def test_members_found_to_be_one_earn_a_day_once(place: Place) -> None:
    other = join(place.mall)
    visit(place.member, place.mall)
    visit(other, place.mall, hour=15)
    merging.merge_members(other.id, place.member.id, keep_id=place.member.id, now=MORNING)
    credit()
    assert entries(place.member) == [("visit_points", 10)] and entries(other) == []


@pytest.mark.parametrize(
    "rule",
    [
        ActRule(kind=ActKind.VISIT, points=0),
        ActRule(kind=ActKind.VISIT, points=-1, steps=(Step(3, 50),)),
        ActRule(kind=ActKind.VISIT, points=1, steps=(Step(3, 50), Step(3, 60))),
        ActRule(kind=ActKind.SHARE, points=1, a_day=0),
    ],
)
def test_rules_out_of_proportion_are_refused(place: Place, rule: ActRule) -> None:
    with pytest.raises(EarningRulesInvalid):
        rule_sets.publish(place.mall.id, Rules(acts=(rule,)), effective_from=date(2026, 4, 1), by="", now=MORNING)


@pytest.mark.requirement("S2.24")
def test_rules_of_acts_are_told_in_sentences() -> None:
    lines = wording.say(RULES, stores={}, categories={}, friend_when="首次到店或消费后")
    assert "到店：每天得 10 积分，当月第 3 天到店再得 50 积分，当月第 6 天到店再得 100 积分，次日到账。" in lines
    assert "分享小程序页面：每次得 2 积分，每天最多 3 次，次日到账。" in lines
    assert "绑定车牌：一次得 30 积分，每位会员一次。" in lines
    assert documents.to_rules(documents.to_document(RULES)) == RULES
