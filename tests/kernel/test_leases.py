"""A claim is kept for as long as its worker is at it, and no longer; on committed data, by the real clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.kernel.outbox import Claim, Queue
from app.kernel.runs import leases
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import questions, restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.restatements import RESTATEMENTS, Kind
from app.lifecycle.rules.rule_sets import DEFAULT
from tests.builders.malls import make_mall
from tests.support.waiting import wait_until

SHORT: Queue[Restatement] = Queue(Restatement, lease=timedelta(milliseconds=300), pauses=RESTATEMENTS.pauses)


@pytest.fixture
def claim(committed_app: Flask) -> Iterator[Claim]:
    """Of a question that waits for its worker."""
    with atomic():
        today, by = clock.business_date(clock.now()), Asker(staff_id=1, name="陈岚", mall_id=make_mall().id)
        question = questions.about_past(today, DEFAULT, since=today)
        restatements.ask(Kind.PAST, question, by=by, now=clock.now())
    with atomic():
        (row,) = outbox.claim(SHORT, now=clock.now(), limit=1)
        held = outbox.claim_of(row)
    yield held
    db.session.rollback()


def due_at() -> datetime:
    db.session.rollback()
    return db.session.scalars(select(Restatement.due_at)).one()


def test_a_claim_is_kept_past_its_lease_while_its_worker_is_at_it(claim: Claim) -> None:
    since = due_at()
    with leases.renewed(SHORT, claim):
        wait_until(lambda: due_at() > since + SHORT.lease)
    left = due_at()
    wait_until(lambda: clock.now() > left)
    with atomic():
        (taken,) = outbox.claim(SHORT, now=clock.now(), limit=1)  # whoever comes next has it
        assert taken.attempts == 2


def test_what_another_has_taken_meanwhile_is_not_kept(claim: Claim) -> None:
    wait_until(lambda: clock.now() > due_at())
    with atomic():
        outbox.claim(RESTATEMENTS, now=clock.now(), limit=1)
    taken_until = due_at()
    with atomic():
        db.session.execute(outbox.renewal(SHORT, claim, now=clock.now() + timedelta(hours=1)))
    assert due_at() == taken_until


def test_what_is_given_up_or_done_is_kept_no_longer(claim: Claim) -> None:
    with leases.renewed(SHORT, claim), atomic():
        outbox.give_up(SHORT, claim, error="impossible", now=clock.now())
    until = due_at()
    with atomic():
        db.session.execute(outbox.renewal(SHORT, claim, now=clock.now() + timedelta(hours=1)))
    assert due_at() == until
