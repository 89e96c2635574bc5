"""Everybody's stages under other rules and at past dates: counted once, kept as they come, equal to a count by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.kernel import clock, outbox
from app.kernel.db import db
from app.kernel.runs import inquiries
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import counting, questions, restatements
from app.lifecycle.restatements.errors import TooManyRestatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Comparison, Question, View
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules.rule_sets import DEFAULT, Rules
from app.lifecycle.stages import queries
from app.malls import queries as malls
from app.malls.models import Mall
from app.timeline.models import EventKind
from app.workers.inquiries import answering
from app.workers.lifecycle import night_runs, restating
from tests.builders.malls import make_mall
from tests.lifecycle.stages.worlds import TODAY, World, ago
from tests.support.clock import StillClock

EASIER = replace(DEFAULT, repeat_purchases=3, high_spend_top_bps=5000)
WIDER = replace(DEFAULT, recent_days=120, warning_days=60)


@pytest.fixture
def world(clock: StillClock) -> World:
    """On the morning after TODAY: people who bought now and then over half a year."""
    world = World()
    for number in range(8):
        person = world.person(joined=ago(200 - number))
        for days in range(number * 3, 200 - number, 25 + number * 10):
            world.buy(person, ago(days), fen=1_000 * (number + 1))
        world.act(person, EventKind.VISITED, ago(number * 20))
    world.person(joined=None, created=ago(30))
    return world


def ask(question: Question, *, since: bool = False, mall: Mall | None = None) -> Restatement:
    """By somebody of that mall, or of the world's."""
    now, mall_id = clock.now(), (mall or malls.list_malls()[0]).id
    by = Asker(staff_id=mall_id, name="陈岚", mall_id=mall_id)
    return restatements.ask(Kind.RULES, question, by=by, now=now, since=now - timedelta(hours=1) if since else None)


def expected(world: World, day: date, old: Rules, new: Rules) -> Counter[tuple[str, str]]:
    before, after = world.expected(day, old), world.expected(day, new)
    return Counter((before[one][1].stage.value, after[one][1].stage.value) for one in before)


@pytest.mark.requirement("S0.3")
@pytest.mark.parametrize("new", [EASIER, WIDER])
def test_who_would_move_is_counted_today_and_at_twelve_month_ends(world: World, new: Rules) -> None:
    asked = ask(questions.about_rules(DEFAULT, new, today=TODAY))
    while answering.work_next(restating.STEPS, asked.public_id):
        pass
    db.session.expire_all()
    days = [one.after.day for one in questions.read(asked.question)]
    assert days[:3] == [date(2026, 3, 10), date(2026, 2, 28), date(2026, 1, 31)] and len(days) == 13
    assert asked.done_at == clock.now() and len(asked.answers) == 13
    for day, moves in zip(days, restatements.answers_of(asked), strict=True):
        assert {(one.old_stage, one.stage): one.members for one in moves} == expected(world, day, DEFAULT, new)
        assert {one.mall_id for one in moves} <= {world.store.mall_id}
    assert any(one.old_stage != one.stage for one in restatements.answers_of(asked)[0])


@pytest.mark.requirement("S0.52")
def test_a_past_date_is_restated_beside_what_was_said_then(world: World, clock: StillClock) -> None:
    night_runs.run_nights(now=clock.now)
    clock.advance(days=1)
    quiet = world.people[7]
    world.buy(quiet, ago(1), fen=900_000)  # told late: the past was another
    night_runs.run_nights(now=clock.now)
    was, then, _ = (counting.count(one) for one in questions.about_past(TODAY, DEFAULT, since=ago(30)))
    moved = {(one.old_stage, one.stage): one.members for one in was if one.old_stage != one.stage}
    said = queries.find_as_it_was(quiet.id, day=TODAY)
    assert said is not None and moved[said[0], "5"] == 1
    assert sum(one.members for one in then) == 9 and {one.old_stage for one in then} == {""}  # no night was so early


def test_it_goes_on_where_a_worker_died_and_is_counted_once(world: World, clock: StillClock) -> None:
    asked = ask(questions.about_rules(DEFAULT, EASIER, today=TODAY))
    assert answering.work_next(restating.STEPS)
    died = inquiries.claim_due(restatements.RESTATEMENTS, now=clock.now)
    assert died is not None and len(died.answers) == 1
    claim, slow = outbox.claim_of(died), Restatement(answers=died.answers, comparisons=died.comparisons)
    assert not answering.work_next(restating.STEPS)  # it is the other one's for a while
    clock.advance(seconds=61)
    assert answering.work_next(restating.STEPS)
    assert not restatements.keep(claim, slow, [], now=clock.now)  # the dead one wakes up, and is too late
    answering.work_at_once(restating.STEPS, asked.public_id, seconds=60)
    assert len(asked.answers) == 13 and asked.done_at is not None


def test_what_cannot_be_counted_is_tried_again_and_given_up(world: World, clock: StillClock) -> None:
    impossible = replace(DEFAULT, lost_days=10_000_000)
    asked = ask((Comparison(View(TODAY, DEFAULT), View(TODAY, impossible)),))
    for _ in range(3):
        assert not answering.work_next(restating.STEPS)
        clock.advance(minutes=10)
    db.session.refresh(asked)
    assert asked.given_up_at is not None and asked.last_error == "OverflowError" and asked.answers == []


def test_what_two_malls_ask_is_counted_once_for_both(world: World, clock: StillClock) -> None:
    question, elsewhere = questions.about_rules(DEFAULT, EASIER, today=TODAY), make_mall()
    first = ask(question)
    assert answering.work_next(restating.STEPS, first.public_id)
    second = ask(question, mall=elsewhere)
    world.person(joined=ago(5))  # whom a count from now on finds
    assert answering.work_next(restating.STEPS, second.public_id)
    db.session.expire_all()
    assert second.answers == first.answers and len(first.answers) == 1
    answering.work_at_once(restating.STEPS, second.public_id, seconds=60)
    assert answering.work_next(restating.STEPS, first.public_id)
    db.session.expire_all()
    assert first.answers == second.answers and first.done_at is not None and second.done_at is not None
    clock.advance(minutes=11)
    later = ask(question, mall=elsewhere)
    assert answering.work_next(restating.STEPS, later.public_id)
    db.session.expire_all()
    assert sum(one.members for one in restatements.answers_of(later)[0]) == 1 + sum(
        one.members for one in restatements.answers_of(first)[0]
    )


def test_the_same_question_is_answered_once_and_nobody_asks_too_much(world: World, clock: StillClock) -> None:
    first = ask(questions.about_past(TODAY, DEFAULT, since=ago(30)), since=True)
    assert ask(questions.about_past(TODAY, DEFAULT, since=ago(30)), since=True) is first
    elsewhere = ask(questions.about_past(TODAY, DEFAULT, since=ago(30)), since=True, mall=make_mall())
    assert elsewhere.id != first.id and elsewhere.fingerprint == first.fingerprint
    for days in (31, 32):
        ask(questions.about_past(TODAY, DEFAULT, since=ago(days)), since=True)
    with pytest.raises(TooManyRestatements):
        ask(questions.about_past(TODAY, DEFAULT, since=ago(33)), since=True)
    assert restatements.sweep(now=clock.now + timedelta(days=29)) == 0
    assert restatements.sweep(now=clock.now + timedelta(days=31)) == 4
