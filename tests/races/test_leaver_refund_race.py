"""Somebody leaves while what they bought is refunded: whoever is first, the points are owed when they come back."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.flows import purchases
from app.flows.members import joining, leaving
from app.flows.members.leaving import Cost
from app.flows.purchases import Buyer
from app.identity import queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger import queries as points_queries
from app.purchases.rules import Receipt
from app.workers.points import points
from tests.builders.identity import make_consent_document, make_visitor
from tests.builders.settlement import Contract, make_contract
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.support.races import interleave

PHONE = "13912345678"


@pytest.mark.parametrize(
    ("is_refund_first", "waits", "owed"), [(True, True, 100), (False, True, 100), (False, False, 0)]
)
def test_a_refund_that_meets_leaving_is_owed_once(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_refund_first: bool, waits: bool, owed: int
) -> None:
    """The control takes a refund without the member's lock: nobody would ever owe it."""
    with atomic():
        make_tiers()
        make_newbie_tasks()
        make_consent_document()
        contract = make_contract()
    member_id = join(contract)
    with atomic():
        ring_up(contract, "R1", 10_000)
        ledger.redeem(member_id, points=100, reason=note("测试"), fact="test:spent", now=clock.now())
    acts = [partial(leave, member_id), partial(ring_up, contract, "F1", -10_000, refund_of="R1")]
    with monkeypatch.context() as without:
        if not waits:
            without.setattr(queries, "lock_member", queries.get_member)
        first, second = reversed(acts) if is_refund_first else acts
        assert interleave(committed_app, first, second) == [None, None]
    again = join(contract)
    points.collect_debts(limit=9)
    assert points_queries.get_balance(again).debt_points == owed


def join(contract: Contract) -> int:
    with atomic():
        visitor = make_visitor(contract.mall)
        member: Member = joining.join_member(
            visitor.id, consent_version="v1", phone=PHONE, channel="test", arrival=None, now=clock.now()
        ).member
        return member.id


def leave(member_id: int) -> None:
    leaving.let_member_leave(member_id, told=Cost(points=10**9, coupons=10**9), now=clock.now())


def ring_up(contract: Contract, number: str, amount_fen: int, *, refund_of: str | None = None) -> None:
    now = clock.now()
    receipt = Receipt(
        source="pos",
        receipt_no=number,
        store_code=contract.store.code,
        occurred_at=now - timedelta(minutes=1),
        amount_fen=amount_fen,
        refund_of=refund_of,
    )
    purchases.record_purchase(receipt, contract.store, Buyer(phone=PHONE), now=now)
