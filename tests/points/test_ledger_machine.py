"""The points ledger against a model: any order of earning, spending, giving back, taking back and expiry."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.reasons import note
from app.points.ledger import ledger, queries
from app.points.ledger.errors import InsufficientPoints
from app.points.ledger.models import PointsAccount, PointsEntry, PointsLot
from tests.builders.identity import make_member

START = datetime(2026, 3, 11, 2, 0, tzinfo=clock.MALL_ZONE)
AMOUNTS = st.integers(min_value=1, max_value=500)


class Ledger(RuleBasedStateMachine):
    """One member's account; the model keeps what is available and owed, the lots' expiry is the ledger's own."""

    earned: Bundle[str] = Bundle("earned")
    spent: Bundle[str] = Bundle("spent")

    @initialize()
    def open_account(self) -> None:
        db.session.begin_nested()
        self.member_id = make_member().id
        self.now = START
        self.facts = 0
        self.available = 0
        self.debt = 0
        self.given: dict[str, int] = {}
        self.reversed: set[str] = set()

    def _fact(self, word: str) -> str:
        self.facts += 1
        return f"{word}:{self.facts}"

    @rule(target=earned, points=AMOUNTS)
    def earn(self, points: int) -> str:
        fact = self._fact("earn")
        ledger.accrue(self.member_id, points=points, reason=note("得"), fact=fact, now=self.now)
        repaid = min(points, self.debt)
        self.debt -= repaid
        self.available += points - repaid
        self.given[fact] = points
        return fact

    @rule(fact=earned)
    def earn_again(self, fact: str) -> None:
        """The same fact a second time changes nothing."""
        ledger.accrue(self.member_id, points=self.given.get(fact, 1), reason=note("得"), fact=fact, now=self.now)

    @rule(target=spent, points=AMOUNTS)
    def spend(self, points: int) -> str:
        fact = self._fact("spend")
        self._expire()
        try:
            ledger.redeem(self.member_id, points=points, reason=note("用"), fact=fact, now=self.now)
        except InsufficientPoints:
            assert points > self.available
            return ""
        assert points <= self.available
        self.available -= points
        self.given[fact] = points
        return fact

    @rule(fact=spent)
    def give_back(self, fact: str) -> None:
        if not fact or fact in self.reversed:
            return
        ledger.give_back(self.member_id, spent_fact=fact, reason=note("退"), fact=f"back:{fact}", now=self.now)
        self.reversed.add(fact)
        repaid = min(self.given[fact], self.debt)
        self.debt -= repaid
        self.available += self.given[fact] - repaid

    @rule(fact=earned)
    def take_back(self, fact: str) -> None:
        if fact in self.reversed:
            return
        self._expire()
        points = self.given[fact]
        earned = queries.find_entry(self.member_id, fact)
        assert earned is not None
        ledger.take_back(
            self.member_id, points=points, earned=earned, reason=note("退"), fact=f"back:{fact}", now=self.now
        )
        self.reversed.add(fact)
        from_lots = min(points, self.available)
        self.available -= from_lots
        self.debt += points - from_lots

    @rule(days=st.integers(min_value=1, max_value=400))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    def _expire(self) -> None:
        self.available -= ledger.expire(self.member_id, now=self.now)

    @invariant()
    def the_books_agree(self) -> None:
        if not hasattr(self, "member_id"):
            return
        account = db.session.get(PointsAccount, self.member_id)
        if account is None:
            return
        assert (account.available_points, account.debt_points) == (self.available, self.debt)
        entries = _sum(PointsEntry.points, PointsEntry.member_id == self.member_id)
        lots = _sum(PointsLot.remaining_points, PointsLot.member_id == self.member_id)
        assert entries == self.available - self.debt
        assert lots == self.available
        assert not (self.available and self.debt), "who owes points holds none"
        assert queries.list_disagreements() == []

    def teardown(self) -> None:
        db.session.rollback()


def _sum(column: Any, condition: Any) -> int:
    db.session.flush()
    return int(db.session.scalar(select(func.coalesce(func.sum(column), 0)).where(condition)) or 0)


def test_the_ledger_agrees_with_its_model(app: Flask) -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
