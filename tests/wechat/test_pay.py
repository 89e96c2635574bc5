"""WeChat Pay: orders, client parameters, queries, refunds, and notices that must be genuine and fresh."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.kernel import clock as app_clock
from app.wechat.errors import CallbackRefused, PlatformUnavailable, WeChatError
from app.wechat.gateway import Gateway
from app.wechat.pay.notices import RefundStatus, TradeState
from tests.sandbox.product import Product, served
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms

NUMBER = "P202603110001"
# The same order is placed again by the same words: a moment that passes in between must not change them.
EXPIRES_AT = app_clock.now() + timedelta(hours=1)
JSAPI = "/v3/pay/transactions/jsapi"


@pytest.fixture
def product() -> Iterator[Product]:
    """Takes the notices."""
    with served() as standing:
        yield standing


@pytest.fixture
def platforms(tmp_path: Path, product: Product) -> Iterator[Platforms]:
    """A sandbox whose notices arrive."""
    port = int(product.url.rpartition(":")[2])
    with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused", product_port=port) as standing:
        yield standing


def prepay(platforms: Platforms, gateway: Gateway, number: str = NUMBER, amount_fen: int = 1500) -> str:
    return gateway.pay.prepay_jsapi(
        out_trade_no=number,
        description="停车费",
        amount_fen=amount_fen,
        openid=platforms.person()["openid"],
        appid=platforms.settings.wechat.mini_appid,
        notify_url=f"{platforms.settings.public_url}/open/v1/pay/notices",
        expires_at=EXPIRES_AT,
    )


def paid(platforms: Platforms, gateway: Gateway, number: str = NUMBER) -> None:
    """The person pays on the phone with what the page was given."""
    params = gateway.pay.client_params(prepay(platforms, gateway, number), appid=platforms.settings.wechat.mini_appid)
    platforms.post(f"/phone/api/people/{platforms.person()['id']}/pay", params)


def test_an_order_is_paid_with_the_signed_parameters(platforms: Platforms, gateway: Gateway) -> None:
    paid(platforms, gateway)
    order = gateway.pay.query(NUMBER)
    assert (order.state, order.total_fen) == (TradeState.SUCCESS, 1500)
    assert order.openid == platforms.person()["openid"]
    assert order.paid_at is not None
    assert order.mchid == platforms.settings.pay.mchid


def test_an_unpaid_order_says_so_and_can_be_closed_twice(platforms: Platforms, gateway: Gateway) -> None:
    prepay(platforms, gateway)
    assert gateway.pay.query(NUMBER).state is TradeState.NOTPAY
    gateway.pay.close(NUMBER)
    gateway.pay.close(NUMBER)
    assert gateway.pay.query(NUMBER).state is TradeState.CLOSED


def test_a_paid_order_cannot_be_closed(platforms: Platforms, gateway: Gateway) -> None:
    paid(platforms, gateway)
    with pytest.raises(WeChatError) as refused:
        gateway.pay.close(NUMBER)
    assert refused.value.platform_code == "ORDERPAID"


def test_an_unknown_order_does_not_exist(platforms: Platforms, gateway: Gateway) -> None:
    with pytest.raises(WeChatError) as refused:
        gateway.pay.query("P000000000000")
    assert refused.value.platform_code == "ORDER_NOT_EXIST"


def test_a_platform_in_trouble_is_asked_again(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("errcode", "pay", endpoint=JSAPI, value="SYSTEM_ERROR")
    platforms.fault("reset", "pay", endpoint=JSAPI)
    assert prepay(platforms, gateway).startswith("wx")


def test_a_platform_that_stays_away_is_unavailable(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("http", "pay", endpoint=JSAPI, value="502", times=None)
    with pytest.raises(PlatformUnavailable):
        prepay(platforms, gateway)
    assert platforms.calls(JSAPI) == 3


def test_an_answer_the_platform_did_not_sign_is_not_believed(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("signtest", "pay", endpoint=JSAPI)
    with pytest.raises(PlatformUnavailable):
        prepay(platforms, gateway)


def test_a_refund_is_the_same_refund_when_asked_again(platforms: Platforms, gateway: Gateway) -> None:
    paid(platforms, gateway)
    wanted = {
        "out_trade_no": NUMBER,
        "out_refund_no": "R202603110001",
        "refund_fen": 500,
        "total_fen": 1500,
        "reason": "停车费退款",
        "notify_url": f"{platforms.settings.public_url}/open/v1/pay/notices",
    }
    first, again = gateway.pay.refund(**wanted), gateway.pay.refund(**wanted)
    assert first.status is RefundStatus.PROCESSING
    assert again.refund_id == first.refund_id
    assert gateway.pay.query_refund("R202603110001").status is RefundStatus.SUCCESS
    with pytest.raises(WeChatError):
        gateway.pay.refund(**{**wanted, "out_refund_no": "R202603110002", "refund_fen": 1100})


def test_a_notice_tells_of_the_payment(platforms: Platforms, gateway: Gateway, product: Product) -> None:
    paid(platforms, gateway)
    received = product.wait_for(1)[0]
    notice = gateway.pay.parse_notice(received.headers, received.body)
    assert notice.order is not None
    assert (notice.kind, notice.order.out_trade_no, notice.order.total_fen) == ("TRANSACTION.SUCCESS", NUMBER, 1500)
    assert notice.refund is None


def test_a_notice_tells_of_the_refund(platforms: Platforms, gateway: Gateway, product: Product) -> None:
    paid(platforms, gateway)
    gateway.pay.refund(
        out_trade_no=NUMBER,
        out_refund_no="R202603110001",
        refund_fen=1500,
        total_fen=1500,
        reason="停车费退款",
        notify_url=f"{platforms.settings.public_url}/open/v1/pay/notices",
    )
    received = product.wait_for(2)
    notices = [gateway.pay.parse_notice(one.headers, one.body) for one in received]
    refunds = [notice.refund for notice in notices if notice.refund is not None]
    assert [(refund.out_refund_no, refund.status) for refund in refunds] == [("R202603110001", RefundStatus.SUCCESS)]


def test_only_a_genuine_and_fresh_notice_is_read(platforms: Platforms, gateway: Gateway, product: Product) -> None:
    paid(platforms, gateway)
    received = product.wait_for(1)[0]
    headers, body = received.headers, received.body
    forged = [
        ({**headers, "Wechatpay-Signature": "WECHATPAY/SIGNTEST/abc"}, body),
        ({**headers, "Wechatpay-Serial": "PUB_KEY_ID_OTHER"}, body),
        ({**headers, "Wechatpay-Timestamp": "٣"}, body),
        ({**headers, "Wechatpay-Signature-Type": "RSA"}, body),
        ({}, body),
        (headers, body.replace(b"TRANSACTION.SUCCESS", b"TRANSACTION.SUCCESs")),
        (headers, b"\xff"),
    ]
    for changed_headers, changed_body in forged:
        with pytest.raises(CallbackRefused):
            gateway.pay.parse_notice(changed_headers, changed_body)
    with app_clock.freeze(app_clock.now() + timedelta(seconds=310)), pytest.raises(CallbackRefused):
        gateway.pay.parse_notice(headers, body)
    assert gateway.pay.parse_notice(headers, body).order is not None


def test_a_notice_under_another_secret_is_refused(platforms: Platforms, product: Product) -> None:
    pay = replace(platforms.settings.pay, apiv3_key="f" * 32)
    other = replace(platforms, settings=replace(platforms.settings, pay=pay)).gateway()
    paid(platforms, other)
    received = product.wait_for(1)[0]
    with pytest.raises(CallbackRefused):
        other.pay.parse_notice(received.headers, received.body)
    other.close()


@pytest.mark.parametrize("signed_by", ["the public key", "the certificate"])
def test_in_the_days_of_the_change_both_signatures_count(
    platforms: Platforms, gateway: Gateway, product: Product, signed_by: str
) -> None:
    if signed_by == "the certificate":
        platforms.fault("certificate", "pay", times=None)
    paid(platforms, gateway)
    assert gateway.pay.query(NUMBER).state is TradeState.SUCCESS
    received = product.wait_for(1)[0]
    by_key = received.headers["Wechatpay-Serial"] == platforms.settings.pay.public_key_id
    assert by_key == (signed_by == "the public key")
    notice = gateway.pay.parse_notice(received.headers, received.body)
    assert notice.order is not None
    with pytest.raises(CallbackRefused):
        gateway.pay.parse_notice(received.headers, received.body.replace(b"TRANSACTION", b"transaction"))


def test_after_the_change_a_certificates_signature_is_refused(platforms: Platforms, gateway: Gateway) -> None:
    pay = replace(platforms.settings.pay, platform_certificates="")
    changed = replace(platforms, settings=replace(platforms.settings, pay=pay)).gateway()
    platforms.fault("certificate", "pay", times=None)
    assert prepay(platforms, gateway).startswith("wx")
    with pytest.raises(PlatformUnavailable):
        prepay(platforms, changed)
    assert platforms.calls("/v3/certificates") == 0  # nobody is asked for a key that is not known
    changed.close()


def test_a_certificate_counts_while_it_is_valid(platforms: Platforms, gateway: Gateway) -> None:
    platforms.fault("certificate", "pay", times=1)
    with app_clock.freeze(app_clock.now() + timedelta(days=366 * 100)):
        with pytest.raises(PlatformUnavailable):
            prepay(platforms, gateway)
        assert prepay(platforms, gateway).startswith("wx")


def test_a_certificate_that_cannot_be_read_stops_the_start(platforms: Platforms) -> None:
    pay = replace(platforms.settings.pay, platform_certificates="-----BEGIN CERTIFICATE-----\nno\n")
    with pytest.raises(ValueError, match="PEM|certificate|Certificate"):
        replace(platforms, settings=replace(platforms.settings, pay=pay)).gateway()
