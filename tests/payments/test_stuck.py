"""Orders and refunds that were given up are asked about; the answer tries again or takes note."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access.audit import Actor
from app.access.models import Role
from app.cases import cases
from app.cases.models import Case
from app.flows.stuck import payments as stuck_payments
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.payments import closing, orders, refunds
from app.payments.errors import RefundUnderWay
from app.payments.models import PaymentOrder, PaymentRefund
from app.payments.orders import Demand, Money, Payer
from tests.builders.identity import make_member
from tests.builders.staff import make_staff


@pytest.fixture
def member(db_session: object) -> Member:
    return make_member()


@pytest.fixture
def order(member: Member) -> PaymentOrder:
    """An order for something that has no place, given up."""
    demand = Demand(
        purpose="gift_card",
        reference="7",
        description="礼品卡",
        amount_fen=2_500,
        payer=Payer("wx-app", "openid"),
        expires_at=clock.now() + timedelta(minutes=10),
    )
    orders.open_order(member.id, demand, now=clock.now())
    db.session.execute(update(PaymentOrder).values(given_up_at=clock.now(), attempts=150, last_error="SYSTEM_ERROR"))
    return db.session.scalars(select(PaymentOrder).execution_options(populate_existing=True)).one()


@pytest.fixture
def refund(order: PaymentOrder) -> PaymentRefund:
    """Late money of the order whose refund the platform did not take on."""
    orders.close(order.member_id, purpose=order.purpose, reference=order.reference, now=clock.now())
    orders.take_money(
        Money(
            out_trade_no=order.out_trade_no,
            transaction_id="4200001",
            amount_fen=order.amount_fen,
            appid=order.appid,
            paid_at=clock.now(),
        ),
        now=clock.now(),
    )
    db.session.execute(update(PaymentRefund).values(given_up_at=clock.now(), attempts=150, last_error="NOT_ENOUGH"))
    return db.session.scalars(select(PaymentRefund).execution_options(populate_existing=True)).one()


def look() -> int:
    return stuck_payments.raise_cases(now=clock.now(), limit=9)


def answer(outcome: str) -> None:
    case = db.session.scalars(select(Case)).one()
    person = make_staff(Role.FINANCE)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now())
    cases.answer(case.id, outcome, by, note="", now=clock.now())


def test_an_order_without_an_answer_is_asked_of_finance_where_the_member_is_at_home(
    order: PaymentOrder, member: Member
) -> None:
    assert (look(), look()) == (1, 0)
    case = db.session.scalars(select(Case)).one()
    assert (case.kind, case.role, case.mall_id) == ("order_stuck", "finance", member.home_mall_id)
    assert case.facts == {
        "attempts": 150,
        "error": "SYSTEM_ERROR",
        "amount_fen": 2_500,
        "out_trade_no": order.out_trade_no,
    }
    assert case.evidence == [f"member:{member.id}"]


def test_finance_lets_the_platform_be_asked_about_the_order_again(order: PaymentOrder) -> None:
    look()
    answer("try_again")
    assert closing.list_dead(limit=9) == []
    db.session.refresh(order)
    assert (order.given_up_at, order.done_at, order.attempts) == (None, None, 0)


def _waits(refund: PaymentRefund, order: PaymentOrder) -> bool:
    return (refund.given_up_at, refund.done_at, order.status) == (None, None, "late")


def _is_done(refund: PaymentRefund, order: PaymentOrder) -> bool:
    return (refund.status, refund.done_at is not None, order.status) == ("done", True, "refunded")


@pytest.mark.parametrize(("outcome", "holds"), [("try_again", _waits), ("refunded_by_hand", _is_done)])
def test_a_refund_is_tried_again_or_noted_as_given_by_hand(
    refund: PaymentRefund, order: PaymentOrder, outcome: str, holds: Callable[[PaymentRefund, PaymentOrder], bool]
) -> None:
    assert (look(), look()) == (1, 0)
    assert db.session.scalars(select(Case.kind)).one() == "refund_stuck"
    answer(outcome)
    db.session.refresh(refund)
    db.session.refresh(order)
    assert refunds.list_dead(limit=9) == [] and holds(refund, order)
    assert look() == 0


def test_nobody_gives_a_refund_back_by_hand_that_is_being_tried_again(
    refund: PaymentRefund, order: PaymentOrder
) -> None:
    look()
    answer("try_again")
    case = db.session.scalars(select(Case)).one()
    by = Actor("staff", case.owner_id, "郑远")
    cases.reopen(case.id, by, note="", now=clock.now())
    with pytest.raises(RefundUnderWay):
        cases.answer(case.id, "refunded_by_hand", by, note="", now=clock.now())
    db.session.refresh(refund)
    assert _waits(refund, order)


def test_what_is_asked_already_does_not_hide_what_is_not(refund: PaymentRefund, order: PaymentOrder) -> None:
    orders_given_up_before = [_give_up_another(order, number) for number in range(2)]
    raised = [stuck_payments.raise_cases(now=clock.now(), limit=1) for _ in range(4)]
    assert (sum(raised), raised[-1]) == (3, 0)
    subjects = db.session.scalars(select(Case.subject).where(Case.kind == "order_stuck")).all()
    assert set(subjects) == {f"payment_order:{one.member_id}-{one.id}" for one in orders_given_up_before}


def _give_up_another(order: PaymentOrder, number: int) -> PaymentOrder:
    demand = Demand(
        purpose="gift_card",
        reference=f"other-{number}",
        description="礼品卡",
        amount_fen=100,
        payer=Payer("wx-app", "openid"),
        expires_at=clock.now() + timedelta(minutes=10),
    )
    another = orders.open_order(order.member_id, demand, now=clock.now())
    another.given_up_at = clock.now()
    db.session.flush()
    return another
