"""Rules of earning rehearsed: the past earns once more by the function that accrual calls, part by part."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from app.flows.points import rehearsing
from app.identity.models import Member
from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.malls.models import Mall, Store
from app.points.earning import rule_sets
from app.points.earning.errors import EarningRulesInvalid
from app.points.earning.extras import FirstOrderExtra, MemberDayExtra, Payer
from app.points.earning.rules import Rules
from app.points.rehearsals import rehearsals
from app.points.rehearsals.errors import NotRehearsed, TooManyRehearsals
from app.points.rehearsals.models import EarningRehearsal
from app.points.rehearsals.results import Example, Result
from app.workers.inquiries import answering
from app.workers.points import rehearsing as worker
from tests.builders.buying import at, buy
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store

NOW = datetime(2026, 3, 11, 12, tzinfo=clock.MALL_ZONE)
TODAY = date(2026, 3, 11)
# Half a point a yuan, twice that on Tuesdays, which the mall pays.
NEW = Rules(mall_rate_bps=5_000, extras=(MemberDayExtra(bps=10_000, weekdays=(2,)),))


@dataclass
class Place:
    mall: Mall
    store: Store
    other: Store
    by: Asker


@pytest.fixture
def place(db_session: object) -> Iterator[Place]:
    mall = make_mall()
    with clock.freeze(NOW):
        yield Place(mall, make_store(mall), make_store(mall), Asker(staff_id=1, name="运营", mall_id=mall.id))


def rehearse(place: Place, rules: Rules = NEW) -> Result:
    asked = rehearsals.ask(rules, by=place.by, now=NOW)
    work(asked.public_id)
    return Result.read(found(asked).result)


def work(public_id: str) -> None:
    while answering.work_next(worker.STEPS, public_id):
        pass


def found(asked: EarningRehearsal) -> EarningRehearsal:
    db.session.expire_all()
    return rehearsals.get(asked.mall_id, asked.public_id)


def make_history(place: Place) -> tuple[Member, Member, Member]:
    """One buys on a Tuesday, one on a Monday with a part refunded, one long ago and elsewhere."""
    tuesday, monday, old = make_member(), make_member(), make_member()
    buy(tuesday, place.store, at(date(2026, 3, 10)), 10_150)
    bought = buy(monday, place.store, at(date(2026, 3, 9)), 20_000)
    buy(monday, place.other, at(date(2026, 3, 9)), 5_000)
    buy(monday, place.store, at(date(2026, 3, 10)), -8_000, refund_of=bought)
    buy(old, place.store, at(TODAY - timedelta(days=91)), 99_900)
    buy(old, place.store, at(TODAY), 99_900)
    buy(old, make_store(make_mall()), at(date(2026, 3, 10)), 99_900)
    return tuesday, monday, old


def test_the_last_days_earn_by_both_rules_less_what_was_refunded(place: Place) -> None:
    tuesday, monday, _ = make_history(place)
    result = rehearse(place)
    assert (result.purchases, result.amount_fen, result.members) == (3, 10_150 + 12_000 + 5_000, 2)
    assert result.old.points == 101 + 120 + 50
    assert result.old.payers == {"merchant": 271}
    # Tuesday: 101.5 yuan at 0.5 are 50, doubled 101 in all; Monday: 60 and 25.
    assert result.new.points == 101 + 60 + 25
    assert result.new.payers == {"merchant": 50 + 60 + 25, "mall": 51}
    assert (result.old.extras, result.new.extras) == ({}, {0: 51})
    assert result.new.merchants == {place.store.merchant_id: 110, place.other.merchant_id: 25}
    assert (result.better, result.worse) == (0, 1)
    assert result.losses == [Example(monday.id, 170, 85)] and result.gains == []
    assert tuesday.id not in [one.member_id for one in result.losses]


@pytest.mark.parametrize("part", [1, 2, 3, 1_000])
def test_parts_of_any_size_find_the_same(place: Place, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    members = [make_member() for _ in range(7)]
    for number, (member, days) in enumerate(itertools.product(members, (1, 8, 20))):
        buy(member, place.store, at(TODAY - timedelta(days=days)), 1_000 + 137 * number)
    whole = rehearse(place)
    monkeypatch.setattr(rehearsing, "PART", part)
    asked = rehearsals.ask(NEW, by=place.by, now=NOW)
    work(asked.public_id)
    again = found(asked)
    assert Result.read(again.result) == whole
    assert again.counted == rehearsals.parts_of(again) and (part >= 21) == (again.counted == 1)
    assert whole.purchases == 21 and whole.better + whole.worse <= 7


def test_a_rehearsal_says_what_accrual_gives(place: Place) -> None:
    """Rules that hold already change nothing, and what was given to whom by them is what is found."""
    rules = Rules(extras=(FirstOrderExtra(bps=10_000, payer=Payer.MALL),))
    rule_sets.open_with(place.mall.id, rules, effective_from=date(2026, 1, 1), by="运营", now=NOW)
    make_history(place)
    result = rehearse(place, rules)
    assert result.old == result.new and (result.better, result.worse) == (0, 0)


def test_a_worker_that_was_overtaken_changes_nothing(place: Place) -> None:
    make_history(place)
    asked = rehearsals.ask(NEW, by=place.by, now=NOW)
    first = inquiries.claim_due(rehearsals.REHEARSALS, now=NOW)
    assert first is not None
    slow = outbox.claim_of(first)
    later = NOW + timedelta(hours=1)
    with clock.freeze(later):
        work(asked.public_id)
    before = found(asked).result
    assert not rehearsals.plan(slow, [1, 2], now=later)
    part = rehearsals.Part(number=0, after=None, last=None)
    assert not rehearsals.keep(slow, Result(), part=part, parts=1, now=later)
    assert found(asked).result == before != {}


def test_what_cannot_be_counted_is_tried_again_and_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[int]:
        raise OSError

    asked = rehearsals.ask(NEW, by=place.by, now=NOW)
    monkeypatch.setattr(rehearsing, "plan", fail)
    for hour in range(1, 4):
        with clock.freeze(NOW + timedelta(hours=hour)):
            assert not answering.work_next(worker.STEPS)
    assert found(asked).given_up_at is not None and found(asked).last_error == "OSError"


def test_a_few_at_a_time_and_only_sensible_rules(place: Place) -> None:
    with pytest.raises(EarningRulesInvalid):
        rehearsals.ask(Rules(mall_rate_bps=-1), by=place.by, now=NOW)
    for _ in range(inquiries.MOST_WAITING):
        rehearsals.ask(NEW, by=place.by, now=NOW)
    with pytest.raises(TooManyRehearsals):
        rehearsals.ask(NEW, by=place.by, now=NOW)


def test_versions_keep_their_rehearsal_and_what_led_to_none_is_forgotten(place: Place) -> None:
    lost, kept = (rehearsals.ask(NEW, by=place.by, now=NOW) for _ in range(2))
    ids, days = (lost.public_id, kept.public_id), [TODAY + timedelta(days=ahead) for ahead in (1, 9)]
    with pytest.raises(NotRehearsed):
        rehearsals.publish(place.mall.id, kept.public_id, effective_from=days[0], by="运营", now=NOW)
    work(kept.public_id)
    versions = [
        rehearsals.publish(place.mall.id, kept.public_id, effective_from=day, by="运营", now=NOW).id for day in days
    ]
    assert rehearsals.sweep(now=NOW + inquiries.KEPT_FOR + timedelta(days=1)) == 1
    reasons = rehearsals.list_of(versions)
    assert [reasons[one].public_id for one in versions] == [ids[1]] * 2
    with pytest.raises(NotFound):
        rehearsals.get(place.mall.id, ids[0])
