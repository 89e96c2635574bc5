"""Several people decide about a receipt of nobody at once: it is given once, and what one sets aside is not given."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.audit import Actor
from app.flows import purchases
from app.flows.held import releasing
from app.flows.purchases import Buyer
from app.identity import queries as members
from app.kernel import clock
from app.kernel.db import atomic, db
from app.points.ledger import queries as points_queries
from app.purchases import queries as purchase_queries
from app.purchases import receipts, turns
from app.purchases.errors import ReceiptSetAside
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.rules import Receipt
from app.purchases.settings.settings import USUAL
from app.purchases.waiting.errors import WaitsNoLonger
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.builders.staff import make_staff
from tests.support.races import interleave

FEN = USUAL.photo_second_fen


def make_unowned() -> tuple[int, int, list[Actor]]:
    """A receipt of nobody that needs two people; returns (receipt, member who has bought before, three who decide)."""
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        member, at = make_member(contract.mall), clock.now() - timedelta(seconds=1)
        sold = partial(Receipt, source="pos", store_code=contract.store.code, occurred_at=at)
        before, unowned = sold(receipt_no="R0", amount_fen=9), sold(receipt_no="R1", amount_fen=FEN)
        purchases.record_purchase(before, contract.store, Buyer(member_id=member.id), now=clock.now())
        purchases.record_purchase(unowned, contract.store, Buyer(), now=clock.now())
        people = [Actor("staff", make_staff(name=name).id, name) for name in ("one", "two", "three")]
        return db.session.scalars(select(InboxReceipt.id)).one(), member.id, people


def give(inbox_id: int, member_id: int, by: Actor) -> str:
    return "checked" if releasing.give_to(inbox_id, member_id, by, now=clock.now()) is None else "given"


def dismiss(inbox_id: int, by: Actor) -> str:
    done = receipts.dismiss_unowned(inbox_id, by=by.name, reason="repeated", now=clock.now())
    return "dismissed" if done else "gone"


def decide(app: Flask, monkeypatch: pytest.MonkeyPatch, *callers: partial[str], is_guarded: bool) -> list[Any]:
    """Without guards nobody waits for a turn or a member, and the receipt is read as it was, not locked."""
    with monkeypatch.context() as without:
        if not is_guarded:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
            without.setattr(members, "lock_joined", members.get_member)
            without.setattr(purchase_queries, "lock_inbox_receipt", purchase_queries.find_unclaimed)
        return interleave(app, *callers)


def points_of(member_id: int) -> int:
    return points_queries.get_balance(member_id).available_points


@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_second_people_give_it_once(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    inbox_id, member_id, (first, second, third) = make_unowned()
    with atomic():
        assert give(inbox_id, member_id, first) == "checked"
    callers = [partial(give, inbox_id, member_id, by) for by in (second, third)]
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    bought = db.session.scalar(select(func.count()).where(Purchase.receipt_no == "R1"))
    if is_guarded:
        assert (results[0], type(results[1]), bought) == ("given", WaitsNoLonger, 1)
        assert points_of(member_id) == FEN // 100
    else:
        assert bought == 2


@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_who_look_first_one_is_the_second(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control both are the first: what two people have said waits on for a third."""
    inbox_id, member_id, people = make_unowned()
    callers = [partial(give, inbox_id, member_id, by) for by in people[:2]]
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    assert results == (["checked", "given"] if is_guarded else ["checked", "checked"])


@pytest.mark.parametrize("is_guarded", [True, False])
def test_what_one_sets_aside_while_another_agrees_is_not_given(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control the member has the points of what a colleague has just found to be a repetition."""
    inbox_id, member_id, (first, second, third) = make_unowned()
    with atomic():
        give(inbox_id, member_id, first)
    callers = (partial(dismiss, inbox_id, third), partial(give, inbox_id, member_id, second))
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    if is_guarded:
        assert (results[0], type(results[1]), points_of(member_id)) == ("dismissed", ReceiptSetAside, 0)
        assert results[1].facts == {"by": "three"}
    else:
        assert (results, points_of(member_id)) == (["dismissed", "given"], FEN // 100)


def test_what_is_given_while_another_sets_it_aside_stays_given(committed_app: Flask) -> None:
    inbox_id, member_id, (first, second, third) = make_unowned()
    with atomic():
        give(inbox_id, member_id, first)
    callers = (partial(give, inbox_id, member_id, second), partial(dismiss, inbox_id, third))
    assert interleave(committed_app, *callers) == ["given", "gone"]
    assert points_of(member_id) == FEN // 100
