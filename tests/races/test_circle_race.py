"""One payment told by a till, WeChat Pay's circle and the member's claim at once is one purchase, by their own ways."""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.flows import purchases
from app.flows.circle import acting, shops
from app.flows.claims import claiming
from app.flows.purchases import Buyer
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as malls
from app.points.ledger import queries as points_queries
from app.purchases import turns
from app.purchases.claims.claims import Wish
from app.purchases.models import InboxReceipt, Purchase
from app.purchases.rules import Method, Payment, Receipt
from app.purchases.waiting.models import WaitingReceipt
from app.wechat.callbacks import inbox
from app.wechat.callbacks.inbox import TakenEvent
from app.wechat.pay.circle_notices import PLATFORM
from app.wechat.pay.circle_points import CirclePoints
from app.wechat.pay.pay import PayGateway
from app.workers import receipts
from app.workers.circle import notices
from tests.builders.circle import OPENID, deliver, make_circle, paid
from tests.builders.identity import make_member
from tests.builders.machines import Machine, make_machine
from tests.builders.settlement import make_contract
from tests.support.races import interleave, race, winners

RECEIPTS, PHONE, FEN = "/open/v1/receipts", "13912345678", 12_345


@dataclass
class Ears:
    """WeChat Pay, as far as it hears of points."""

    heard: list[int] = field(default_factory=list)

    def tell_points(self, told: CirclePoints) -> None:
        self.heard.append(told.points)


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of the circle with its till, and who pays in it."""

    store_id: int
    code: str
    member_id: int
    till: Machine


@pytest.fixture
def shop(committed_app: Flask) -> Shop:
    with atomic():
        contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
        make_circle(contract.mall)
        member = make_member(contract.mall, phone=PHONE, openid=OPENID)
        return Shop(contract.store.id, contract.store.code, member.id, make_machine(contract.mall, "pos"))


def ring_up(app: Flask, shop: Shop, **more: Any) -> int:
    """The till tells of it, with WeChat Pay's number."""
    told = {"source": "pos", "receipt_no": "R1", "store_code": shop.code, "amount_fen": FEN}
    told |= {"occurred_at": (clock.now() - timedelta(seconds=30)).isoformat(), **more}
    told["payments"] = [{"method": "wechat", "amount_fen": FEN, "transaction_id": "4200001"}]
    return shop.till.post(app.test_client(), RECEIPTS, told).status_code


def act_on_notices(ears: Ears) -> int:
    return notices.take_in_due_notices(cast(PayGateway, ears))


def claim(shop: Shop) -> str:
    store, now = malls.get_store(shop.store_id), clock.now()
    wish = Wish(store=store, receipt_no="R1", amount_fen=FEN, day=clock.business_date(now))
    with atomic():
        return claiming.claim_receipt(shop.member_id, wish, now=now).state


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.requirement("S3.22")
def test_till_circle_and_claim_at_once_are_one_purchase(committed_app: Flask, shop: Shop) -> None:
    assert deliver(committed_app.test_client(), paid(amount=FEN, shop=shop.code)).status_code == 204
    ears = Ears()
    race(committed_app, [partial(ring_up, committed_app, shop), partial(act_on_notices, ears), partial(claim, shop)])
    while act_on_notices(ears):
        pass
    assert (count(Purchase), count(InboxReceipt), count(WaitingReceipt)) == (1, 0, 0)
    assert points_queries.get_balance(shop.member_id).available_points == 123
    assert ears.heard[-1] == 123


def tell(shop: Shop, buyer: Buyer) -> bool:
    """As the till's address does, in the caller's transaction."""
    receipt = Receipt(
        source="pos",
        receipt_no="R1",
        store_code=shop.code,
        occurred_at=clock.start_of_day(clock.business_date(clock.now())),
        amount_fen=FEN,
        payments=(Payment(method=Method.WECHAT, amount_fen=FEN, transaction_id="4200001"),),
    )
    return purchases.record_purchase(receipt, malls.get_store(shop.store_id), buyer, now=clock.now()).is_new


def take(event: TakenEvent, member_id: int) -> str:
    return acting.take_payment(event, member_id, now=clock.now())


@pytest.mark.parametrize(("has_turns", "counted"), [(True, 1), (False, 2)])
def test_the_circle_waits_for_the_till_and_finds_its_receipt(
    committed_app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch, has_turns: bool, counted: int
) -> None:
    """The control takes no turns: neither sees the other's, and both count once the till names who bought."""
    assert deliver(committed_app.test_client(), paid(amount=FEN, shop=shop.code)).status_code == 204
    with atomic():
        (event,) = inbox.claim(PLATFORM, now=clock.now(), limit=1)
    with monkeypatch.context() as without:
        if not has_turns:
            without.setattr(turns, "wait_for", lambda merchant_ids: None)
        results = interleave(committed_app, partial(take, event, shop.member_id), partial(tell, shop, Buyer()))
    assert len(winners(results)) == 2
    with atomic():
        tell(shop, Buyer(phone=PHONE))
    assert (count(Purchase), points_queries.get_balance(shop.member_id).available_points) == (counted, 123 * counted)


@dataclass
class Interrupted(Ears):
    """Meanwhile, as the first points are told, something else is done."""

    act: partial[int] | None = None

    def tell_points(self, told: CirclePoints) -> None:
        Ears.tell_points(self, told)
        if self.act is not None:
            act, self.act = self.act, None
            assert act() in (200, 201)


@pytest.mark.parametrize("looks_again", [True, False])
def test_what_is_known_while_points_are_told_is_told_after(
    committed_app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch, looks_again: bool
) -> None:
    """The control finishes without a second look: WeChat Pay goes on showing that the payment earned nothing."""
    notice = paid(amount=FEN, shop="X9", shop_name="新店")
    assert deliver(committed_app.test_client(), notice).status_code == 204
    ears = Interrupted(act=partial(name_the_shop, shop))
    with monkeypatch.context() as without:
        if not looks_again:
            without.setattr(inbox, "act_again", lambda *told, **more: None)
            without.setattr(acting, "find_points", lambda event, member_id: 0)
        act_on_notices(ears)
    while act_on_notices(ears):
        pass
    assert ears.heard == ([0, 123] if looks_again else [0])


def name_the_shop(shop: Shop) -> int:
    with atomic():
        shops.name(malls.get_store(shop.store_id), ["X9"], by="张岚", now=clock.now())
    return 200 if receipts.record_of_named_stores(limit=5) == 1 else 500
