"""One payment told by three sources at once, and a refund beside its purchase: one after the other, never unseen."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.flows import purchases
from app.flows.purchases import Buyer, Recorded
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as mall_queries
from app.points.ledger import queries as points_queries
from app.purchases import turns
from app.purchases.models import Purchase
from app.purchases.rules import Receipt
from app.purchases.waiting.models import WaitingReceipt
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.support.races import interleave, race, winners

PHONE = "13912345678"
NAMED = Buyer(phone=PHONE)


def make_shop() -> tuple[int, int]:
    """A store under contract and a member; returns (store, member)."""
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        return contract.store.id, make_member(contract.mall, phone=PHONE).id


def tell(store_id: int, source: str, buyer: Buyer, at: datetime, amount_fen: int = 10_000, of: str = "") -> Recorded:
    receipt = Receipt(
        source=source,
        receipt_no="B1" if of else "N1",
        store_code="S",
        occurred_at=at,
        amount_fen=amount_fen,
        refund_of=of or None,
    )
    return purchases.record_purchase(receipt, mall_queries.get_store(store_id), buyer, now=clock.now())


def in_its_own(act: partial[Recorded]) -> bool:
    with atomic():
        return act().is_new


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.requirement("S3.22")
def test_one_payment_told_by_three_sources_at_once_is_one_purchase(committed_app: Flask) -> None:
    store_id, member_id = make_shop()
    at = clock.now() - timedelta(minutes=1)
    tellings = [("pos", NAMED), ("circle", NAMED), ("kiosk", Buyer())]
    acts = [partial(in_its_own, partial(tell, store_id, source, buyer, at)) for source, buyer in tellings]
    results = race(committed_app, acts)
    assert len(winners(results)) == 3
    assert count(Purchase) == 1
    assert points_queries.get_balance(member_id).available_points == 100


@pytest.mark.parametrize(("has_turns", "counted"), [(True, 1), (False, 2)])
def test_whoever_tells_second_waits_for_the_first(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, has_turns: bool, counted: int
) -> None:
    """The control takes no turns: neither sees the other's receipt, and both count once their buyer is known."""
    store_id, member_id = make_shop()
    at = clock.now() - timedelta(minutes=1)
    acts = [partial(tell, store_id, "pos", Buyer(), at), partial(tell, store_id, "circle", NAMED, at)]
    with monkeypatch.context() as without:
        if not has_turns:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
        assert len(winners(interleave(committed_app, *acts))) == 2
    in_its_own(partial(tell, store_id, "pos", NAMED, at))
    assert (count(Purchase), points_queries.get_balance(member_id).available_points) == (counted, 100 * counted)


@pytest.mark.parametrize(("has_turns", "left"), [(True, 60), (False, 100)])
def test_a_refund_beside_its_purchase_is_applied(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, has_turns: bool, left: int
) -> None:
    """The control takes no turns: the refund does not see its purchase, nor that the refund, and it waits for ever."""
    store_id, member_id = make_shop()
    at = clock.now() - timedelta(minutes=1)
    buy, back = partial(tell, store_id, "pos", NAMED, at), partial(tell, store_id, "pos", Buyer(), at, -4_000, "N1")
    with monkeypatch.context() as without:
        if not has_turns:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
        assert len(winners(interleave(committed_app, buy, back))) == 2
    assert points_queries.get_balance(member_id).available_points == left
    assert count(WaitingReceipt) == (0 if has_turns else 1)
