"""Two people approve the same photographed receipt at once: it is counted once, and the second is told by whom."""

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.audit import Actor
from app.flows import purchases
from app.flows.claims import reviewing
from app.flows.purchases import Buyer
from app.identity import queries as members
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as malls
from app.points.ledger import queries as points_queries
from app.purchases import turns
from app.purchases.models import Purchase
from app.purchases.photos import alike, photos
from app.purchases.photos import queries as photo_queries
from app.purchases.photos.errors import PhotoDecided, PhotoKnown
from app.purchases.photos.models import ReceiptPhoto
from app.purchases.photos.photos import Seen
from app.purchases.rules import Receipt
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.photos import send_photo
from tests.builders.settlement import make_contract
from tests.builders.staff import make_staff
from tests.support.races import interleave


def make_sent() -> tuple[int, int, int, list[Actor]]:
    """A photograph; returns (store, member, photograph, two who read it)."""
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        member = make_member(contract.mall)
        at = clock.now() - timedelta(seconds=1)
        before = Receipt(source="pos", receipt_no="R0", store_code=contract.store.code, occurred_at=at, amount_fen=9)
        purchases.record_purchase(before, contract.store, Buyer(member_id=member.id), now=clock.now())
        readers = [Actor("staff", make_staff(name=name).id, name) for name in ("one", "other")]
        return contract.store.id, member.id, send_photo(member).id, readers


def approve(store_id: int, member_id: int, photo_id: int, *, by: Actor, number: str) -> str:
    now = clock.now()
    seen = Seen(
        store=malls.get_store(store_id), receipt_no=number, amount_fen=10_000, business_day=clock.business_date(now)
    )
    return reviewing.approve(member_id, photo_id, seen, by, now=now).state


@pytest.mark.parametrize("is_guarded", [True, False])
def test_it_is_counted_once(committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool) -> None:
    """The two read another number, so nothing but the photograph says that it is one receipt.

    The control waits for no turn, locks neither member nor photograph, and decides whatever was decided before.
    """
    store_id, member_id, photo_id, readers = make_sent()
    with monkeypatch.context() as without:
        if not is_guarded:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
            without.setattr(members, "lock_joined", members.get_member)
            without.setattr(photo_queries, "lock", lambda member_id, photo_id: db.session.scalars(find(photo_id)).one())
            without.setattr(photos, "approve", lambda *said, **told: None)
        callers = [
            partial(approve, store_id, member_id, photo_id, by=by, number=number)
            for by, number in zip(readers, ("R1", "R2"), strict=True)
        ]
        results = interleave(committed_app, *callers)
    bought = db.session.scalar(select(func.count()).select_from(Purchase).where(Purchase.source == "photo"))
    if is_guarded:
        assert (results[0], type(results[1]), results[1].facts) == ("approved", PhotoDecided, {"by": "one"})
        assert (bought, points_queries.get_balance(member_id).available_points) == (1, 100)
    else:
        assert bought == 2


def find(photo_id: int) -> object:
    return select(ReceiptPhoto).where(ReceiptPhoto.id == photo_id)


@pytest.mark.parametrize("guard", ["all", "no turn", "no second look"])
def test_two_send_the_same_photograph_and_one_is_refused(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    """Both look the photograph up before either has kept it.

    One control takes no lock of the mall's photographs, the other does not look at what came meanwhile.
    """
    with atomic():
        mall = make_mall()
        senders = [make_member(mall).id for _ in range(2)]

    def send(member_id: int) -> str:
        return send_photo(members.get_member(member_id)).state

    with monkeypatch.context() as without:
        if guard == "no turn":
            without.setattr(photos, "take_turn", lambda mall_id: None)
        if guard == "no second look":
            without.setattr(alike, "newest", lambda mall_id: 0)
        results = interleave(committed_app, *(partial(send, member_id) for member_id in senders))
    assert [str(one) if isinstance(one, str) else type(one) for one in results] == [
        "pending",
        PhotoKnown if guard == "all" else "pending",
    ]


@pytest.mark.parametrize("is_guarded", [True, False])
def test_the_sweep_waits_for_who_decides_on_a_photograph(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch, is_guarded: bool
) -> None:
    """The control does not wait, and lets nothing go for one that was decided on meanwhile."""
    store_id, member_id, photo_id, (reader, _) = make_sent()
    with monkeypatch.context() as without:
        if not is_guarded:
            without.setattr(photo_queries, "lock", lambda member_id, photo_id: db.session.scalars(find(photo_id)).one())
        results = interleave(
            committed_app,
            partial(approve, store_id, member_id, photo_id, by=reader, number="R1"),
            lambda: reviewing.sweep(now=clock.now() + timedelta(days=400)),
        )
    if is_guarded:
        assert results == ["approved", 1]
        assert db.session.scalars(find(photo_id)).one().image_gone_at is not None
    else:
        assert (results[0], type(results[1])) == ("approved", PhotoDecided)
