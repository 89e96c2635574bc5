"""Points against points on paper: all that is done with them in any order, for members, to the point and the day."""

from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, invariant, multiple, rule, run_state_machine_as_test
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, func, literal, or_, select

from app.access import audit
from app.benefits.coupons import voiding
from app.benefits.coupons.models import Coupon
from app.benefits.exchanges import queries as exchange_queries
from app.benefits.exchanges.errors import ExchangeCouponUsed, ExchangeNotDone
from app.flows.points import exchanges
from app.flows.points.exchanges import ExchangeChoice
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.errors import DomainError
from app.kernel.fastpath.prepared import Prepared
from app.kernel.reasons import note
from app.payments import orders
from app.points.ledger import accounts, ledger, lots
from app.points.ledger.errors import InsufficientPoints
from app.points.worth import factors
from app.points.worth import rules as worth
from tests.builders.exchanges import PAYER, make_priced, money_for, order_of
from tests.points.ledger_machine import MONTH, WHO, Ledger
from tests.points.plain_ledger import COUPON_DAYS

_open_lots = lots.open_lots


class Points(Ledger):
    """The ledger, with exchanges for coupons, for points alone or with cash, and with a factor that changes."""

    exchanged: Bundle[tuple[int, str]] = Bundle("exchanged")

    def set_up(self) -> None:
        """Two campaigns that are to be had for points."""
        terms = {"valid_days": COUPON_DAYS, "per_member_limit": 99}
        self.offers = [make_priced(self.mall, 60, 990, **terms), make_priced(self.mall, 100, **terms)]
        self.factors: dict[date, int] = {}
        for member_id, plain in zip(self.ids, self.plain, strict=True):
            fact = self._fact("saved")
            ledger.accrue(member_id, points=200, reason=note("测试"), fact=fact, now=self.now)
            plain.earn(fact, 200, self.now)

    @rule(target=exchanged, who=WHO, which=st.integers(min_value=0, max_value=1))
    def exchange(self, who: int, which: int) -> Any:
        who, offer = self.into[who], self.offers[which]
        price = {"points": offer.exchange_points or 0, "cash_fen": offer.exchange_fen}
        choice = ExchangeChoice(campaign=offer.public_id, **price)
        done: list[str] = []

        def real() -> None:
            with db.session.begin_nested():  # as a request: what is refused never was
                begun = exchanges.exchange_coupon(
                    self.ids[who], choice, mall_id=self.mall.id, payer=PAYER, now=self.now
                )
            done.append(begun.public_id)

        asks_cash = bool(price["cash_fen"])
        trial = deepcopy(self.plain[who])
        if not self._both(
            real,
            lambda: trial.exchange("?", price["points"], offer.code, self.now, asks_cash=asks_cash),
            InsufficientPoints,
        ):
            return multiple()
        fact = f"exchange:{done[0]}"
        self.plain[who].exchange(fact, price["points"], offer.code, self.now, asks_cash=asks_cash)
        return who, fact

    @rule(one=exchanged, is_paid=st.booleans())
    def cash_comes_or_not(self, one: tuple[int, str], is_paid: bool) -> None:
        who, fact = one
        if fact not in self.plain[who].waiting or self.into[who] != who:
            return
        public_id = fact.removeprefix("exchange:")
        if is_paid:
            order = order_of(exchange_queries.find_exchange(self.ids[who], public_id))
            assert orders.take_money(money_for(order), now=self.now).just_paid
            exchanges.settle_exchange(self.ids[who], public_id, now=self.now)
            self.plain[who].finish(fact, self.now)
        else:
            assert exchanges.give_up_exchange(self.ids[who], public_id, now=self.now)
            self.plain[who].give_up(fact, self.now)

    @rule(one=exchanged)
    def give_an_exchange_back(self, one: tuple[int, str]) -> None:
        who, fact = one
        if self.into[who] == who and fact in self.plain[who].coupons | self.plain[who].waiting:
            public_id = fact.removeprefix("exchange:")
            self._both(
                lambda: exchanges.give_back_exchange(self.ids[who], public_id, audit.SYSTEM, now=self.now),
                lambda: self.plain[who].give_back_exchange(fact, self.now),
                ExchangeNotDone,
                ExchangeCouponUsed,
            )

    @rule(bps=st.sampled_from([5_000, 12_500]), days=st.integers(min_value=1, max_value=40))
    def factor_changes(self, bps: int, days: int) -> None:
        day = clock.business_date(self.now) + timedelta(days=days)
        if self.factors.setdefault(day, bps) == bps:
            factors.publish(bps, effective_from=day, by="测试", now=self.now)

    @invariant()
    def coupons_and_worth_are_the_same(self) -> None:
        if not hasattr(self, "ids"):
            return
        had = Counter({row.member_id: row.count for row in _COUPONS_HAD.all(ids=self.ids)})
        assert [had[member_id] for member_id in self.ids] == [len(plain.coupons) for plain in self.plain]
        assert worth.worth_fen(777, factors.at(self.now)) == self._worth(777)

    def _worth(self, points: int) -> int:
        """In fen, half a fen up, at the factor that began last."""
        begun = [day for day in self.factors if day <= clock.business_date(self.now)]
        factor = self.factors[max(begun)] if begun else 10_000
        return (2 * points * factor + 10_000) // 20_000


class ShortLived(Ledger):
    """The ledger where points last a month: what forgets their last day shows soon."""

    policies = (MONTH,)


_COUPON = table_of(Coupon).c
_COUPONS_HAD = Prepared(
    select(_COUPON.member_id, func.count().label("count"))
    .where(
        _COUPON.member_id == any_(bindparam("ids", type_=ARRAY(BigInteger()))),
        or_(_COUPON.status == literal("issued"), _COUPON.status == literal("reserved")),
    )
    .group_by(_COUPON.member_id)
)


def _settings(examples: int, **more: Any) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **more,
    )


@pytest.mark.requirement("S1.29")
def test_the_ledger_is_what_it_would_be_on_paper(app: Flask) -> None:
    run_state_machine_as_test(Points, settings=_settings(8))


@pytest.mark.parametrize(
    ("machine", "where", "name", "fault"),
    [
        (ShortLived, lots, "open_lots", lambda member_id: [*reversed(_open_lots(member_id))]),
        (Points, voiding, "void_unused", lambda member_id, coupon_id, *, now: True),
    ],
    ids=["last to run out first", "given back, and the coupon kept"],
)
def test_a_planted_fault_is_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch, machine: type[Ledger], where: Any, name: str, fault: Any
) -> None:
    """The control: the paper notices when the ledger forgets a rule."""
    monkeypatch.setattr(where, name, fault)
    found = _settings(60, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises((AssertionError, DomainError, pytest.fail.Exception)):
        run_state_machine_as_test(machine, settings=found)


@pytest.mark.parametrize("is_faulty", [False, True])
def test_points_spent_after_their_last_day_are_found(
    app: Flask, monkeypatch: pytest.MonkeyPatch, is_faulty: bool
) -> None:
    """The same control for what few steps that are drawn would lead to: earned, kept too long, and spent."""
    machine = ShortLived()
    machine.open_accounts(which=0)
    machine.earn(who=0, points=50, how="accrue")
    machine.time_passes(60 * 24 * 40)
    if is_faulty:
        monkeypatch.setattr(accounts, "expire_lots", lambda account, *, now: 0)
        with pytest.raises((AssertionError, pytest.fail.Exception)):
            machine.spend(who=0, points=50, how="redeem")
    else:
        machine.spend(who=0, points=50, how="redeem")
        machine.both_say_the_same()
    machine.teardown()


@pytest.mark.parametrize("is_faulty", [False, True])
def test_a_factor_that_is_forgotten_is_found(app: Flask, monkeypatch: pytest.MonkeyPatch, is_faulty: bool) -> None:
    """The same: a factor begins, and the worth does not follow."""
    machine = Points()
    machine.open_accounts(which=0)
    machine.factor_changes(bps=5_000, days=1)
    machine.coupons_and_worth_are_the_same()
    machine.time_passes(60 * 24 * 15)
    if is_faulty:
        monkeypatch.setattr(factors, "at", lambda now: 10_000)
        with pytest.raises(AssertionError):
            machine.coupons_and_worth_are_the_same()
    else:
        machine.coupons_and_worth_are_the_same()
    machine.teardown()
