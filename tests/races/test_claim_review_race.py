"""Two people decide about the same claim at once: it is counted once, and the second is told that it was decided."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.audit import Actor
from app.flows import purchases
from app.flows.claims import claiming
from app.flows.purchases import Buyer
from app.identity import queries as members
from app.kernel import clock
from app.kernel.db import atomic, db
from app.points.ledger import queries as points_queries
from app.purchases import tellings, turns
from app.purchases.claims import claims
from app.purchases.claims.claims import Wish
from app.purchases.claims.errors import ClaimDecided
from app.purchases.claims.models import ReceiptClaim, State
from app.purchases.models import Purchase
from app.purchases.rules import Receipt
from app.purchases.settings.settings import USUAL
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.builders.staff import make_staff
from tests.support.races import interleave


def make_pending(amount_fen: int = 10_000) -> tuple[int, int, list[Actor]]:
    """A claim of what no till has sent; returns (member, claim, two who decide)."""
    with atomic():
        now = clock.now()
        contract = make_contract(since=clock.first_of_month(clock.business_date(now)))
        member_id = make_member(contract.mall).id
        at = now - timedelta(seconds=1)
        before = Receipt(source="pos", receipt_no="R0", store_code=contract.store.code, occurred_at=at, amount_fen=9)
        purchases.record_purchase(before, contract.store, Buyer(member_id=member_id), now=now)
        wish = Wish(store=contract.store, receipt_no="R1", amount_fen=amount_fen, day=clock.business_date(now))
        claim_id = claiming.claim_receipt(member_id, wish, now=now).id
        return member_id, claim_id, [Actor("staff", make_staff(name=name).id, name) for name in ("one", "other")]


def approve(member_id: int, claim_id: int, by: Actor) -> str:
    return claiming.approve(member_id, claim_id, by, now=clock.now()).state


def reject(member_id: int, claim_id: int, by: Actor) -> str:
    return claiming.reject(member_id, claim_id, "not_found", by, note=None, now=clock.now()).state


def decide(app: Flask, monkeypatch: pytest.MonkeyPatch, *callers: partial[str], is_guarded: bool) -> list[Any]:
    """Without guards nobody waits for a turn or a member, and a claim changes whatever was decided before."""
    with monkeypatch.context() as without:
        if not is_guarded:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
            without.setattr(members, "lock_joined", members.get_member)
            without.setattr(claims, "_change", change_anyway)
        return interleave(app, *callers)


def change_anyway(claim: ReceiptClaim, **told: object) -> None:
    for name, value in told.items():
        setattr(claim, name, value)
    db.session.flush()


@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_claim_that_two_people_approve_is_counted_once(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control a number is anybody's, too: with it the receipt alone would keep the second away."""
    member_id, claim_id, deciders = make_pending()
    if not is_guarded:
        monkeypatch.setattr(tellings, "take_number", lambda receipt: True)
    callers = [partial(approve, member_id, claim_id, by) for by in deciders]
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    bought = db.session.scalar(select(func.count()).where(Purchase.source == "claim"))
    if is_guarded:
        assert (results[0], type(results[1]), bought) == ("approved", ClaimDecided, 1)
        assert points_queries.get_balance(member_id).available_points == 100
    else:
        assert bought == 2


@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_who_look_first_at_a_large_sum_one_is_the_second(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control both are the first: what two people have seen waits on for a third."""
    member_id, claim_id, deciders = make_pending(USUAL.photo_second_fen)
    callers = [partial(approve, member_id, claim_id, by) for by in deciders]
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    assert results == (["pending", "approved"] if is_guarded else ["pending", "pending"])


@pytest.mark.parametrize("is_guarded", [True, False])
def test_what_one_rejects_while_another_approves_is_one_of_the_two(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """In the control the member has the points of a claim that reads as rejected."""
    member_id, claim_id, (one, other) = make_pending()
    callers = (partial(approve, member_id, claim_id, one), partial(reject, member_id, claim_id, other))
    results = decide(committed_app, monkeypatch, *callers, is_guarded=is_guarded)
    state = db.session.scalar(select(ReceiptClaim.state).where(ReceiptClaim.id == claim_id))
    assert results[0] == "approved" and points_queries.get_balance(member_id).available_points == 100
    if is_guarded:
        assert (type(results[1]), state) == (ClaimDecided, State.APPROVED)
    else:
        assert (results[1], state) == ("rejected", State.REJECTED)
