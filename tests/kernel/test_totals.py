"""The heads of lists: exact as long as it is worth counting, and honest about it when it is not."""

from datetime import timedelta

import pytest

from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists import totals
from app.kernel.lists.totals import Totals
from app.malls.models import Store
from app.purchases.models import InboxReceipt
from app.purchases.receipt_queries import INBOX_ORDER
from tests.builders.malls import make_store

AMOUNTS = (100, 200, -50)


@pytest.fixture
def store() -> Store:
    """A store with three receipts of nobody we know."""
    store, now = make_store(), clock.now()
    for number, amount_fen in enumerate(AMOUNTS):
        db.session.add(
            InboxReceipt(
                source="pos",
                receipt_no=f"R{number}",
                mall_id=store.mall_id,
                merchant_id=store.merchant_id,
                store_id=store.id,
                occurred_at=now - timedelta(hours=number),
                amount_fen=amount_fen,
                recorded_at=now,
            )
        )
    db.session.flush()
    return store


def of(store: Store, most: int) -> Totals:
    wanted = [InboxReceipt.store_id == store.id]
    return totals.count(InboxReceipt, wanted, INBOX_ORDER, amounts=[InboxReceipt.amount_fen], most=most)


def test_rows_are_counted_and_summed_up_to_so_many_and_no_further(store: Store) -> None:
    assert of(store, 3) == Totals(3, (250,))
    assert of(store, 2) == Totals(2, None)
    assert (of(store, 3).is_all, of(store, 2).is_all) == (True, False)
    assert of(make_store(), 3) == Totals(0, (0,))


def test_several_counts_are_one_statement_and_leave_out_what_there_is_none_of(store: Store) -> None:
    here = InboxReceipt.store_id == store.id
    found = totals.count_each(
        InboxReceipt,
        {
            "back": [here, InboxReceipt.amount_fen < 0],
            "paid": [here, InboxReceipt.amount_fen > 0],
            "free": [here, InboxReceipt.amount_fen == 0],
        },
        most=1,
    )
    assert found == {"back": Totals(1, ()), "paid": Totals(1, None)}
