"""Consents are stock: one accepted dialog, one message."""

import pytest
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import db
from app.outreach.consents import consents, facts
from app.outreach.consents.errors import InvalidAnswer, UnknownTemplate
from app.outreach.consents.models import ConsentEvent
from tests.builders.identity import make_member
from tests.builders.outreach import allow
from tests.support.clock import StillClock

BENEFIT = "benefit"


def refill(member_id: int, fact: str) -> int:
    return consents.refill(member_id, template=BENEFIT, fact=fact, now=clock.now())


def reserve(member_id: int, fact: str) -> bool:
    return consents.reserve(member_id, template=BENEFIT, fact=fact, now=clock.now())


def explained(member_id: int) -> int:
    """What the events add up to."""
    quantity = select(func.coalesce(func.sum(ConsentEvent.quantity), 0)).where(ConsentEvent.member_id == member_id)
    return int(db.session.scalar(quantity) or 0)


def test_each_dialog_adds_one_message() -> None:
    member = make_member()
    assert [refill(member.id, "dialog:1"), refill(member.id, "dialog:2")] == [1, 2]


def test_the_same_dialog_counts_once() -> None:
    member = make_member()
    refill(member.id, "dialog:1")
    assert refill(member.id, "dialog:1") == 1


def test_a_dialog_repeated_after_its_message_went_gives_no_second_one() -> None:
    member = make_member()
    refill(member.id, "dialog:1")
    assert reserve(member.id, "message:1:1")
    assert refill(member.id, "dialog:1") == 0


def test_one_consent_is_one_message() -> None:
    member = make_member()
    allow(member)
    assert [reserve(member.id, "message:1:1"), reserve(member.id, "message:2:1")] == [True, False]


def test_templates_have_stocks_of_their_own() -> None:
    member = make_member()
    results = {"benefit": "accept", "activity": "reject", "member_day": "accept"}
    stock = consents.answer(member.id, results=results, fact="dialog:1", now=clock.now())
    assert stock == {"activity": 0, "benefit": 1, "member_day": 1, "receipt": 0}


def test_a_refusal_leaves_earlier_consents() -> None:
    member = make_member()
    allow(member)
    stock = consents.answer(member.id, results={"benefit": "reject"}, fact="dialog:no", now=clock.now())
    assert stock["benefit"] == 1


def test_a_reserved_consent_comes_back_once() -> None:
    member = make_member()
    allow(member)
    reserve(member.id, "message:1:1")
    for _ in range(2):
        consents.release(member.id, template=BENEFIT, fact="message:1:1", now=clock.now())
    assert consents.stock(member.id)[BENEFIT] == 1


def test_clearing_empties_the_stock_and_says_how_much_was_lost() -> None:
    member = make_member()
    allow(member, 3)
    assert consents.clear(member.id, template=BENEFIT, fact="message:1:1", now=clock.now()) == 3
    assert consents.clear(member.id, template=BENEFIT, fact="message:1:1", now=clock.now()) == 0
    assert consents.stock(member.id)[BENEFIT] == 0


def test_the_stock_is_the_sum_of_its_events() -> None:
    member = make_member()
    allow(member, 3)
    reserve(member.id, "message:1:1")
    consents.release(member.id, template=BENEFIT, fact="message:1:1", now=clock.now())
    reserve(member.id, "message:2:1")
    assert explained(member.id) == consents.stock(member.id)[BENEFIT] == 2
    consents.clear(member.id, template=BENEFIT, fact="message:2:1", now=clock.now())
    assert explained(member.id) == consents.stock(member.id)[BENEFIT] == 0


def test_reported_dialogs_are_counted_apart_from_pushed_ones() -> None:
    member, now = make_member(), clock.now()
    for fact in (facts.dialog("1"), facts.push(1), facts.task_dialog("1")):
        consents.refill(member.id, template=BENEFIT, fact=fact, now=now)
    assert consents.count_reported(member.id, template=BENEFIT, since=now, until=now) == 2


def test_unknown_templates_and_answers_are_refused() -> None:
    member = make_member()
    with pytest.raises(UnknownTemplate):
        consents.refill(member.id, template="lottery", fact="x", now=clock.now())
    with pytest.raises(InvalidAnswer):
        consents.answer(member.id, results={"benefit": "maybe"}, fact="x", now=clock.now())


def test_a_client_that_tells_of_dialogs_all_day_collects_no_consents(clock: StillClock) -> None:
    member = make_member()
    for number in range(30):
        clock.advance(seconds=61)
        consents.answer(member.id, results={BENEFIT: "accept"}, fact=facts.dialog(str(number)), now=clock.now)
    assert consents.stock(member.id)[BENEFIT] == consents.MOST_REPORTED_A_DAY
    clock.advance(days=1)
    consents.answer(member.id, results={BENEFIT: "accept"}, fact=facts.dialog("next day"), now=clock.now)
    assert consents.stock(member.id)[BENEFIT] == consents.MOST_REPORTED_A_DAY + 1
