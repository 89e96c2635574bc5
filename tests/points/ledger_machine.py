"""The points ledger beside points on paper: its verbs in any order, for some members, to the point and the day."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, literal, select

from app.identity.errors import MergeHeldUp
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.errors import DomainError
from app.kernel.fastpath.prepared import Prepared
from app.kernel.reasons import note
from app.points.expiry.models import Until
from app.points.expiry.rules import Policy
from app.points.ledger import adjustments, holds, ledger, queries, transfers
from app.points.ledger.errors import HoldExceeded, HoldNotFound, HoldOver, InsufficientPoints
from app.points.ledger.many import expiring
from app.points.ledger.models import PointsLot
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.points import set_expiry
from tests.points.plain_ledger import Member, Refused

START = datetime(2026, 3, 11, 2, 0, tzinfo=clock.MALL_ZONE)
POINTS = st.integers(min_value=1, max_value=300)
WHO = st.integers(min_value=0, max_value=2)
MONTH = Policy(Until.MONTHS, months=1, grace_days=20)
POLICIES = (Policy(), Policy(grace_days=0), MONTH, Policy(Until.NEVER))
WHY: dict[str, Any] = {"reason": note("测试")}


class Ledger(RuleBasedStateMachine):
    """Three members; a fact is known with whose it is."""

    earned: Bundle[tuple[int, str, int]] = Bundle("earned")
    spent: Bundle[tuple[int, str]] = Bundle("spent")
    held: Bundle[tuple[int, str]] = Bundle("held")

    policies: tuple[Policy, ...] = POLICIES

    @initialize(which=st.integers(min_value=0, max_value=len(POLICIES) - 1))
    def open_accounts(self, which: int) -> None:
        policy = self.policies[which % len(self.policies)]
        db.session.begin_nested()
        self.mall = make_mall()
        self.ids = [make_member(self.mall).id for _ in range(3)]
        self.plain = [Member(policy) for _ in range(3)]
        self.into = [0, 1, 2]
        self.now = START
        self.facts = 0
        self.done: set[str] = set()
        set_expiry(policy, START.date())
        self.set_up()

    def set_up(self) -> None:
        """What more a machine needs."""

    def _fact(self, word: str) -> str:
        self.facts += 1
        return f"{word}:{self.facts}"

    def _both(self, real: Any, plain: Any, *refusals: type[DomainError]) -> bool:
        """Whether both did it; neither may refuse what the other does."""
        try:
            plain()
        except Refused:
            with pytest.raises(refusals):
                real()
            return False
        real()
        return True

    @rule(target=earned, who=WHO, points=POINTS, how=st.sampled_from(["accrue", "adjust"]))
    def earn(self, who: int, points: int, how: str) -> tuple[int, str, int]:
        who, fact = self.into[who], self._fact("earn")
        verb = ledger.accrue if how == "accrue" else adjustments.adjust
        verb(self.ids[who], points=points, fact=fact, now=self.now, mall_id=None, **WHY)
        self.plain[who].earn(fact, points, self.now)
        return who, fact, points

    @rule(target=spent, who=WHO, points=POINTS, how=st.sampled_from(["redeem", "adjust"]))
    def spend(self, who: int, points: int, how: str) -> tuple[int, str]:
        who, fact = self.into[who], self._fact("spend")
        given: dict[str, Any] = {"fact": fact, "now": self.now, "mall_id": None, **WHY}
        self._both(
            lambda: (
                ledger.redeem(self.ids[who], points=points, **given)
                if how == "redeem"
                else adjustments.adjust(self.ids[who], points=-points, **given)
            ),
            lambda: self.plain[who].spend(fact, points, self.now),
            InsufficientPoints,
        )
        return who, fact

    @rule(one=spent)
    def give_back(self, one: tuple[int, str]) -> None:
        who, fact = one
        if fact in self.plain[who].spent and self.into[who] == who:
            ledger.give_back(self.ids[who], spent_fact=fact, fact=self._fact("back"), now=self.now, **WHY)
            self.plain[who].give_back(fact, self.now)

    @rule(one=earned)
    def take_back(self, one: tuple[int, str, int]) -> None:
        giver, fact, points = one
        if fact in self.done:
            return
        self.done.add(fact)
        who = self.into[giver]
        entry = queries.find_entry(self.ids[giver], fact)
        assert entry is not None
        ledger.take_back(self.ids[who], points=points, earned=entry, fact=self._fact("r"), now=self.now, **WHY)
        self.plain[who].take_back(fact if who == giver else None, points, self.now)

    @rule(target=held, who=WHO, points=POINTS, minutes=st.sampled_from([None, 5, 60 * 24 * 60]))
    def hold(self, who: int, points: int, minutes: int | None) -> tuple[int, str]:
        who, fact = self.into[who], self._fact("hold")
        until = None if minutes is None else self.now + timedelta(minutes=minutes)
        self._both(
            lambda: holds.hold(self.ids[who], points=points, fact=fact, now=self.now, until=until, **WHY),
            lambda: self.plain[who].hold(fact, points, self.now, until),
            InsufficientPoints,
        )
        return who, fact

    @rule(target=spent, one=held, points=st.one_of(st.none(), POINTS))
    def capture(self, one: tuple[int, str], points: int | None) -> tuple[int, str]:
        who, fact = one
        plain = self.plain[who].holds.get(fact)
        if fact not in self.done and self.into[who] == who:
            part = points or (plain.points if plain else 1)
            if self._both(
                lambda: holds.capture(self.ids[who], fact=fact, now=self.now, points=points),
                lambda: self.plain[who].capture(fact, part, self.now),
                HoldOver,
                HoldNotFound,
                HoldExceeded,
            ):
                self.done.add(fact)
        return one

    @rule(one=held)
    def release(self, one: tuple[int, str]) -> None:
        who, fact = one
        if fact in self.plain[who].holds:
            holds.release(self.ids[who], fact=fact, now=self.now)
            self.plain[who].release(fact, self.now)

    @rule(giver=WHO, taker=WHO)
    def merge(self, giver: int, taker: int) -> None:
        giver, taker = self.into[giver], self.into[taker]
        if giver == taker:
            return
        fact, debt_fact = self._fact("merge"), self._fact("debt")
        move = transfers.Move(
            giver_id=self.ids[giver], taker_id=self.ids[taker], fact=fact, debt_fact=debt_fact, now=self.now, **WHY
        )
        if self._both(
            lambda: transfers.move_all(move),
            lambda: self.plain[giver].move_all(self.plain[taker], self.now),
            MergeHeldUp,
        ):
            self.into = [taker if one == giver else one for one in self.into]

    @rule(minutes=st.sampled_from([1, 5, 60 * 24, 60 * 24 * 15, 60 * 24 * 40, 60 * 24 * 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def a_night(self) -> None:
        expiring.expire(self.ids, now=self.now)
        for plain in self.plain:
            plain.expire(self.now)

    @rule()
    def the_job_releases(self) -> None:
        for member_id, plain in zip(self.ids, self.plain, strict=True):
            holds.release_overdue(member_id, now=self.now)
            plain.pass_time(self.now)

    @invariant()
    def both_say_the_same(self) -> None:
        if not hasattr(self, "ids"):
            return
        db.session.flush()
        lots = lots_of(self.ids)
        for member_id, plain in zip(self.ids, self.plain, strict=True):
            assert lots[member_id] == sorted((lot.last_day, lot.left) for lot in plain.lots if lot.left)
            seen = deepcopy(plain)
            seen.pass_time(self.now)
            balance = queries.get_balance(member_id, now=self.now)
            assert (balance.available_points, balance.held_points, balance.debt_points) == (
                seen.available,
                seen.held,
                seen.debt,
            )
            assert balance.expiring_on == min(
                (lot.last_day for lot in seen.lots if lot.left and lot.last_day != date.max), default=None
            )
            assert not (seen.available and seen.debt), "who owes points holds none"
        assert queries.list_disagreements() == []

    def teardown(self) -> None:
        db.session.rollback()


_LOT = table_of(PointsLot).c
_OPEN_LOTS = Prepared(
    select(_LOT.member_id, _LOT.expires_on, _LOT.remaining_points).where(
        _LOT.member_id == any_(bindparam("ids", type_=ARRAY(BigInteger()))), _LOT.remaining_points > literal(0)
    )
)


def lots_of(member_ids: Sequence[int]) -> dict[int, list[tuple[date, int]]]:
    """What is left of each member's lots, by their last days."""
    rows = _OPEN_LOTS.all(ids=list(member_ids))
    return {each: sorted((day, left) for owner, day, left in rows if owner == each) for each in member_ids}
