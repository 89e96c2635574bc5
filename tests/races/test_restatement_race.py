"""Two malls that ask the same of everybody's stages at once: it is counted for both by whoever comes first."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session, scoped_session

from app.kernel import clock, outbox
from app.kernel.db import atomic, db
from app.kernel.outbox import Claim
from app.kernel.runs.inquiries import Asker
from app.lifecycle.restatements import restatements
from app.lifecycle.restatements.models import Restatement
from app.lifecycle.restatements.questions import Comparison, View
from app.lifecycle.restatements.restatements import Kind
from app.lifecycle.rules.rule_sets import DEFAULT
from app.workers.lifecycle import restating
from tests.builders.identity import make_visitor
from tests.builders.malls import make_mall
from tests.support.races import interleave


@pytest.fixture
def claims(committed_db: scoped_session[Session]) -> list[Claim]:
    """Of one question that two malls ask."""
    today = clock.business_date(clock.now())
    with atomic():
        make_visitor()
        for _ in range(2):
            by = Asker(staff_id=1, name="陈岚", mall_id=make_mall().id)
            question = (Comparison(View(today, DEFAULT), View(today, DEFAULT)),)
            restatements.ask(Kind.RULES, question, by=by, now=clock.now())
    with atomic():
        return [outbox.claim_of(row) for row in outbox.claim(restatements.RESTATEMENTS, now=clock.now(), limit=2)]


def take(claim: Claim) -> bool:
    return restating.STEPS.take(db.session.get_one(Restatement, claim.key), claim)


def take_among_more(claim: Claim) -> bool:
    """With somebody whom only this transaction sees, and counts if it counts."""
    make_visitor()
    return take(claim)


def members_found(app: Flask, claims: list[Claim]) -> list[int]:
    one, other = claims
    assert interleave(app, partial(take, one), partial(take_among_more, other)) == [True, True]
    db.session.rollback()
    rows = [db.session.get_one(Restatement, claim.key) for claim in claims]
    return [sum(move.members for move in restatements.answers_of(row)[0]) for row in rows]


def test_the_second_waits_and_takes_over_what_the_first_has_counted(committed_app: Flask, claims: list[Claim]) -> None:
    assert members_found(committed_app, claims) == [1, 1]


def test_without_the_wait_both_count(
    committed_app: Flask, claims: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(restatements, "wait_for_equal", lambda restatement: None)
    assert members_found(committed_app, claims) == [1, 2]
