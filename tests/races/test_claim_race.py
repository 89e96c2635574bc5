"""Two members claim the same receipt at once: one has it, the other is refused clearly and people are asked."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.cases.models import Case
from app.flows import purchases
from app.flows.claims import claiming
from app.flows.purchases import Buyer
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as malls
from app.points.ledger import queries as points_queries
from app.purchases import queries as purchase_queries
from app.purchases import turns
from app.purchases.claims.claims import Wish
from app.purchases.models import Purchase
from app.purchases.rules import Receipt
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.support.races import interleave


def make_receipt() -> tuple[int, list[int]]:
    """A receipt of nobody and two members; returns (store, members)."""
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        at = clock.now() - timedelta(seconds=1)
        receipt = Receipt(
            source="pos", receipt_no="R1", store_code=contract.store.code, occurred_at=at, amount_fen=10_000
        )
        purchases.record_purchase(receipt, contract.store, Buyer(), now=clock.now())
        return contract.store.id, [make_member(contract.mall).id for _ in range(2)]


def claim(store_id: int, member_id: int) -> str:
    now = clock.now()
    wish = Wish(store=malls.get_store(store_id), receipt_no="R1", amount_fen=10_000, day=clock.business_date(now))
    return claiming.claim_receipt(member_id, wish, now=now).state


@pytest.mark.parametrize("has_turns", [True, False])
def test_one_has_it_and_the_other_is_told(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, has_turns: bool
) -> None:
    """The control takes no turns and no lock of the receipt: the second sees nobody's, and is not told."""
    store_id, member_ids = make_receipt()
    with monkeypatch.context() as without:
        if not has_turns:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
            without.setattr(purchase_queries, "lock_inbox_receipt", purchase_queries.find_unclaimed)
        results = interleave(committed_app, *(partial(claim, store_id, member_id) for member_id in member_ids))
    points = [points_queries.get_balance(member_id).available_points for member_id in member_ids]
    asked = db.session.scalar(select(func.count()).select_from(Case))
    if has_turns:
        assert (results, points, asked) == (["approved", "rejected"], [100, 0], 1)
        assert db.session.scalar(select(func.count()).select_from(Purchase)) == 1
    else:
        assert results != ["approved", "rejected"] and asked == 0
