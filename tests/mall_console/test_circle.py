"""The console's page of the business circle: its numbers, the shops of its stores, the notices."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.models import Role
from app.circle import circles
from app.flows.stuck import callbacks
from app.kernel.db import db
from app.points.ledger import queries as points_queries
from app.purchases.aliases import aliases
from app.wechat.callbacks.models import PlatformEvent
from app.wechat.gateway import Gateway
from app.wechat.pay.circle_points import PATH
from app.workers.circle import notices
from tests.builders.circle import MCHID, OPENID, Notice, deliver, make_circle, make_known, paid, refunded
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.settlement import Contract, make_contract
from tests.builders.staff import make_staff, sign_in, submit
from tests.support import platforms
from tests.support.clock import StillClock
from tests.support.platforms import Platforms


@pytest.fixture
def contract(clock: StillClock) -> Contract:
    return make_contract()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Platforms]:
    with platforms.running(tmp_path / "sandbox", database_url="postgresql:///unused") as standing:
        yield standing


@pytest.fixture
def gateway(sandbox: Platforms) -> Iterator[Gateway]:
    built = sandbox.gateway()
    yield built
    built.close()


@pytest.fixture
def base(client: FlaskClient, contract: Contract) -> str:
    assert sign_in(client, make_staff(Role.OPERATIONS), portal="/console").status_code == 303
    return f"/console/{contract.mall.code}/circle"


def said(client: FlaskClient, page: str, address: str, **typed: str) -> str:
    """What the page says after a form was sent."""
    answer = submit(client, page, address, **typed)
    return client.get(answer.headers["Location"]).text


def test_a_mall_becomes_a_circle_that_no_other_mall_is(client: FlaskClient, contract: Contract, base: str) -> None:
    assert "未接入" in client.get(base).text
    for odd in ("NaN", "1e9", "-1900000001", "190000000.1", "1234567"):
        assert "商户号只含数字" in said(client, base, base, mchid=odd, brand_id="1001")
    assert circles.find_of_mall(contract.mall.id) is None
    assert "已保存" in said(client, base, base, mchid=MCHID, brand_id="1001")
    found = circles.find_of_mall(contract.mall.id)
    assert found is not None and (found.mchid, found.brand_id) == (MCHID, 1001)
    make_circle(make_mall(), mchid="1900000002")
    assert "已被另一家商场使用" in said(client, base, base, mchid="1900000002")
    assert "已接入" in client.get(base).text


def test_a_stores_shops_are_named_and_no_shop_is_two_stores(client: FlaskClient, contract: Contract, base: str) -> None:
    other = make_store(contract.mall)
    own, others = f"{base}/stores/{contract.store.code}", f"{base}/stores/{other.code}"
    assert "已保存" in said(client, own, own, numbers="A101\n A102 \n\nA101")
    assert "A102" in client.get(own).text and "A101、A102" in client.get(base).text
    assert f"已对应「{contract.store.name}」" in said(client, others, others, numbers="A102")
    assert "最多 10 个" in said(client, own, own, numbers="\n".join(f"S{one}" for one in range(11)))
    longest = "\r\n".join(f"{one:0>64}" for one in range(10))
    assert "已保存" in said(client, own, own, numbers=longest)
    submit(client, own, own, numbers="A101")
    assert aliases.list_codes(contract.mall.id, circles.SOURCE) == {contract.store.id: ["A101"]}
    assert other.name in client.get(f"{base}?named=no").text
    assert other.name not in client.get(f"{base}?named=yes").text


def test_notices_are_listed_in_their_own_mall_with_how_they_ended(
    client: FlaskClient, contract: Contract, base: str, sandbox: Platforms, gateway: Gateway
) -> None:
    make_circle(contract.mall)
    make_member(contract.mall, openid=OPENID)
    code = contract.store.code
    ahead = refunded("5030009", "4200009", amount=5_000, shop=code)
    told = (paid(shop=code), ahead, paid("42", shop="X9", shop_name="新店"))
    make_known(sandbox.world, *told)
    for notice in told:
        assert deliver(client, notice).status_code == 204
    notices.take_in_due_notices(gateway.pay)
    page = client.get(f"{base}/notices").text
    for words in ("¥123.45", "-¥50.00", "等待对应的支付通知", "圈店编号没有对应的门店", "4200001"):
        assert words in page
    assert "¥¥" not in page and "¥-" not in page
    assert "4200001" not in client.get(f"{base}/notices?kind=MALL_REFUND.SUCCESS").text
    make_circle(contract.mall, mchid="1900000003")
    assert "4200001" not in client.get(f"{base}/notices").text


def test_points_that_could_not_be_told_are_told_once_somebody_tries_again(
    client: FlaskClient, contract: Contract, base: str, sandbox: Platforms, gateway: Gateway, clock: StillClock
) -> None:
    """WeChat Pay refuses for a day: the member has the points all the time, and the platform hears of them at last."""
    make_circle(contract.mall)
    member, payment = make_member(contract.mall, openid=OPENID), paid(shop=contract.store.code)
    make_known(sandbox.world, payment)
    sandbox.fault("errcode", "pay", endpoint=PATH, value="NO_AUTH", times=None)
    assert deliver(client, payment).status_code == 204
    event = db.session.scalars(select(PlatformEvent)).one()
    while event.given_up_at is None:
        assert notices.take_in_due_notices(gateway.pay) == 1
        clock.advance(hours=3)
        db.session.refresh(event)
    assert (points_queries.get_balance(member.id).available_points, told_of(sandbox)) == (123, None)
    assert callbacks.raise_cases(now=clock.now, limit=9) == 1
    assert sign_in(client, make_staff(Role.OPERATIONS), portal="/console").status_code == 303
    given_up = f"{base}/notices?state=given_up"
    assert "¥123.45" in client.get(given_up).text
    sandbox.delete("/faults")
    address = f"/console/{contract.mall.code}/callbacks/{event.id}"
    assert submit(client, address, f"{address}/again").status_code == 303
    assert (notices.take_in_due_notices(gateway.pay), told_of(sandbox)) == (1, 123)
    assert (points_queries.get_balance(member.id).available_points, notices.take_in_due_notices(gateway.pay)) == (
        123,
        0,
    )
    assert "¥123.45" not in client.get(given_up).text


def told_of(sandbox: Platforms) -> int | None:
    """The points that the platform was told of its payment."""
    row = sandbox.world.store.one("SELECT points FROM circle_payments")
    return None if row is None else row["points"]


def test_an_unreadable_notice_is_read_again_by_hand(client: FlaskClient, contract: Contract, base: str) -> None:
    odd = Notice("MALL_TRANSACTION.SUCCESS", paid().said | {"amount": "many"})
    make_circle(contract.mall)
    assert deliver(client, odd).status_code == 204
    event = db.session.scalars(select(PlatformEvent)).one()
    address = f"/console/{contract.mall.code}/callbacks/{event.id}"
    assert "智慧商圈" in client.get(address).text
    assert "仍无法识别" in said(client, address, f"{address}/again")
    event.payload = {"text": event.payload["text"].replace('"many"', "12345")}
    db.session.flush()
    assert "已重新处理" in said(client, address, f"{address}/again")
    assert event.note == "read_again"
