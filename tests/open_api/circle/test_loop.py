"""The whole loop with the running sandbox: its desk's buttons, its letters, our address and worker, its memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.models import Purchase
from app.wechat.gateway import Gateway
from app.workers.circle import notices
from tests.builders.circle import ADDRESS, make_circle
from tests.builders.identity import make_member
from tests.builders.settlement import make_contract
from tests.sandbox.product import Product, served
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms


@dataclass
class Loop:
    """The desk, and the letters that it sends: each is taken to the product by the test, once it has come."""

    client: FlaskClient
    standing: Platforms
    product: Product
    gateway: Gateway
    taken: int = 0

    def press(self, path: str, **body: Any) -> dict[str, Any]:
        return self.standing.post(f"/circle/api/{path}", body)

    def take(self, letters: int = 1) -> list[int]:
        """The next letters arrive, and the worker acts; what they were answered."""
        said = []
        for letter in self.product.wait_for(self.taken + letters)[self.taken : self.taken + letters]:
            said.append(self.client.post(ADDRESS, data=letter.body, headers=letter.headers).status_code)
        self.taken += letters
        notices.take_in_due_notices(self.gateway.pay)
        return said

    def points_told(self, transaction_id: str) -> int | None:
        (found,) = (
            one for one in self.standing.get("/circle/api")["payments"] if one["transaction_id"] == transaction_id
        )
        return found["points"]


@pytest.fixture
def loop(client: FlaskClient, tmp_path: Path) -> Iterator[Loop]:
    with served() as product:
        product.usual = (204, "")
        port = int(product.url.rpartition(":")[2])
        with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused", product_port=port) as standing:
            gateway = standing.gateway()
            yield Loop(client, standing, product, gateway)
            gateway.close()


@pytest.fixture
def shop(loop: Loop) -> str:
    """The code of a store of the circle; the sandbox's first person is a member who has authorised it."""
    contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
    make_circle(contract.mall)
    make_member(contract.mall, openid=loop.standing.person()["openid"])
    loop.press("people/p-lin/authorise")
    assert loop.take() == [204]
    return contract.store.code


def stands() -> tuple[int, int]:
    """How many receipts the member has, and how many points."""
    member_id = db.session.scalars(select(Member.id)).one()
    bought = db.session.scalar(select(func.count()).select_from(Purchase)) or 0
    return bought, points_queries.get_balance(member_id).available_points


def pay(loop: Loop, shop: str, how: str = "once") -> str:
    told = loop.press("payments", person_id="p-lin", shop_number=shop, amount_fen=12_345, how=how)
    return str(told["transaction_id"])


@pytest.mark.requirement("S3.1")
def test_pay_twice_told_and_refund_after_the_points(loop: Loop, shop: str) -> None:
    number = pay(loop, shop, "twice")
    assert (loop.take(2), stands(), loop.points_told(number)) == ([204, 204], (1, 123), 123)
    loop.press(f"payments/{number}/refunds", amount_fen=2_345)
    assert (loop.take(), stands()) == ([204], (2, 99))


def test_a_refund_first_a_late_payment_and_one_that_is_handed_in(loop: Loop, shop: str) -> None:
    late = pay(loop, shop, "later")
    loop.press(f"payments/{late}/refunds", amount_fen=12_345, how="ahead")
    assert (loop.take(), stands()) == ([204], (0, 0))
    loop.press(f"payments/{late}/notices")
    assert (loop.take(), stands()) == ([204], (2, 0))
    pay(loop, shop, "by_hand")
    loop.press("people/p-lin/submit")
    assert (loop.take(), stands()) == ([204], (3, 123))


@pytest.mark.parametrize(
    ("how", "status"),
    [
        ("wrongly_signed", 403),
        ("signed_long_ago", 403),
        ("negative", 422),
        ("huge", 422),
        ("other_app", 422),
        ("other_circle", 404),
    ],
)
def test_what_is_forged_is_refused_and_the_truth_is_taken_after_it(
    loop: Loop, shop: str, how: str, status: int
) -> None:
    number = pay(loop, shop, how)
    assert (loop.take(), stands(), loop.points_told(number)) == ([status], (0, 0), None)
    loop.press(f"payments/{number}/notices")
    assert (loop.take(), stands(), loop.points_told(number)) == ([204], (1, 123), 123)


@pytest.mark.parametrize("how", ["other_sum", "other_payer"])
def test_a_payment_that_was_taken_is_not_told_otherwise(loop: Loop, shop: str, how: str) -> None:
    number = pay(loop, shop)
    assert loop.take() == [204]
    loop.press(f"payments/{number}/notices", how=how)
    assert (loop.take(), stands()) == ([409], (1, 123))
