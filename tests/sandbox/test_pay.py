"""WeChat Pay v3 through the real client library: orders, notices, refunds, signatures."""

import base64
import json
import time
from pathlib import Path
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from wechatpayv3 import WeChatPay

from sandbox.kit.settings import Settings
from sandbox.kit.world import World
from tests.sandbox.product import Product
from tests.support.patience import PATIENCE_S


def _openid(live: str) -> str:
    return str(requests.get(f"{live}/phone/api/people/p-lin", timeout=PATIENCE_S).json()["openid"])


def _place(merchant: WeChatPay, live: str, number: str = "P20261122001", total: int = 1500) -> tuple[int, Any]:
    code, text = merchant.pay("停车费", number, {"total": total}, payer={"openid": _openid(live)})
    return code, json.loads(text)


def _page_params(merchant: WeChatPay, prepay_id: str) -> dict[str, str]:
    stamp, package = str(int(time.time())), f"prepay_id={prepay_id}"
    sign = merchant.sign([merchant._appid, stamp, "nonce1", package])
    params = {"appId": merchant._appid, "timeStamp": stamp, "nonceStr": "nonce1", "package": package}
    return {**params, "signType": "RSA", "paySign": sign}


def _confirm(live: str, params: dict[str, str], person: str = "p-lin") -> requests.Response:
    return requests.post(f"{live}/phone/api/people/{person}/pay", json=params, timeout=PATIENCE_S)


def test_an_order_is_paid_on_the_phone_and_noticed(merchant: WeChatPay, live: str, product: Product) -> None:
    code, placed = _place(merchant, live)
    assert code == 200
    assert _confirm(live, _page_params(merchant, placed["prepay_id"])).json()["trade_state"] == "SUCCESS"
    request = product.wait_for(1)[0]
    notice = merchant.callback(request.headers, request.body)
    assert notice["event_type"] == "TRANSACTION.SUCCESS"
    resource = notice["resource"]
    assert (resource["out_trade_no"], resource["amount"]["payer_total"]) == ("P20261122001", 1500)
    code, text = merchant.query(out_trade_no="P20261122001")
    assert (code, json.loads(text)["trade_state"]) == (200, "SUCCESS")
    shown = requests.get(f"{live}/phone/api/people/p-lin/messages?channel=pay", timeout=PATIENCE_S).json()["items"]
    assert shown[0]["amount_fen"] == 1500


def test_a_notice_that_is_not_taken_comes_again_signed_afresh(merchant: WeChatPay, live: str, product: Product) -> None:
    product.answers.extend([(500, {"code": "FAIL"}), (500, {"code": "FAIL"}), (204, "")])
    prepay_id = _place(merchant, live)[1]["prepay_id"]
    _confirm(live, _page_params(merchant, prepay_id))
    notices = [merchant.callback(r.headers, r.body) for r in product.wait_for(3)]
    assert len({n["id"] for n in notices}) == 1
    assert len({r.headers["Wechatpay-Nonce"] for r in product.received}) == 3


def test_an_order_is_paid_once_by_its_own_payer(merchant: WeChatPay, live: str) -> None:
    params = _page_params(merchant, _place(merchant, live)[1]["prepay_id"])
    assert _confirm(live, params, "p-chen").status_code == 409
    assert _confirm(live, {**params, "paySign": params["paySign"][::-1]}).status_code == 422
    assert _confirm(live, params).status_code == 200
    assert _confirm(live, params).json()["error"]["code"] == "order_not_payable"
    code, placed = _place(merchant, live)
    assert (code, placed["code"]) == (400, "ORDERPAID")


def test_the_same_order_again_keeps_its_prepay_id_another_content_is_refused(merchant: WeChatPay, live: str) -> None:
    first = _place(merchant, live)
    assert _place(merchant, live) == first
    code, placed = _place(merchant, live, total=1)
    assert (code, placed["code"]) == (400, "INVALID_REQUEST")


def test_a_closed_order_cannot_be_paid(merchant: WeChatPay, live: str) -> None:
    prepay_id = _place(merchant, live)[1]["prepay_id"]
    assert merchant.close(out_trade_no="P20261122001")[0] == 204
    assert _confirm(live, {"prepay_id": prepay_id}).json()["error"]["code"] == "order_not_payable"
    assert json.loads(merchant.query(out_trade_no="P20261122001")[1])["trade_state"] == "CLOSED"
    assert json.loads(merchant.query(out_trade_no="P-unknown")[1])["code"] == "ORDER_NOT_EXIST"


def test_a_prepay_id_lives_two_hours(merchant: WeChatPay, live: str, world: World) -> None:
    prepay_id = _place(merchant, live)[1]["prepay_id"]
    world.clock.offset_s += 7201
    assert _confirm(live, {"prepay_id": prepay_id}).status_code == 404


def test_refunds_add_up_to_the_order_at_most(merchant: WeChatPay, live: str, product: Product) -> None:
    _confirm(live, {"prepay_id": _place(merchant, live)[1]["prepay_id"]})
    product.wait_for(1)

    def back(number: str, fen: int) -> tuple[int, Any]:
        amount = {"refund": fen, "total": 1500, "currency": "CNY"}
        code, text = merchant.refund(out_refund_no=number, amount=amount, out_trade_no="P20261122001")
        return code, json.loads(text)

    code, refund = back("R1", 1000)
    assert (code, refund["status"]) == (200, "PROCESSING")
    assert back("R1", 1000)[1]["status"] == "SUCCESS"
    assert back("R1", 900)[1]["code"] == "INVALID_REQUEST"
    assert back("R2", 501)[1]["code"] == "INVALID_REQUEST"
    assert back("R2", 500)[0] == 200
    assert json.loads(merchant.query_refund("R2")[1])["status"] == "SUCCESS"
    events = [merchant.callback(r.headers, r.body) for r in product.wait_for(3)[1:]]
    assert [(e["event_type"], e["resource"]["out_refund_no"]) for e in events] == [
        ("REFUND.SUCCESS", "R1"),
        ("REFUND.SUCCESS", "R2"),
    ]


def test_every_answer_carries_the_five_headers(live: str) -> None:
    answer = requests.get(f"{live}/v3/certificates", timeout=PATIENCE_S)
    assert (answer.status_code, answer.json()["code"]) == (401, "SIGN_ERROR")
    wanted = {"Timestamp", "Nonce", "Signature", "Serial", "Signature-Type"}
    assert wanted <= {name.removeprefix("Wechatpay-") for name in answer.headers}


def _authorized(settings: Settings, pay_keys: Path, target: str, stamp: int, serial: str = "") -> dict[str, str]:
    key = load_pem_private_key((pay_keys / "merchant.pem").read_bytes(), None)
    text = f"GET\n{target}\n{stamp}\nn1\n\n".encode()
    signature = base64.b64encode(key.sign(text, PKCS1v15(), SHA256())).decode()
    serial = serial or settings.pay_serial
    pairs = f'mchid="{settings.pay_mchid}",nonce_str="n1",signature="{signature}",timestamp="{stamp}",'
    return {"Authorization": f'WECHATPAY2-SHA256-RSA2048 {pairs}serial_no="{serial}"'}


def test_requests_with_old_times_or_other_serials_are_refused(settings: Settings, pay_keys: Path, live: str) -> None:
    target, now = "/v3/pay/transactions/out-trade-no/none01?mchid=1900000001", int(time.time())

    def status(stamp: int, serial: str = "", path: str = target) -> int:
        head = _authorized(settings, pay_keys, target, stamp, serial)
        return requests.get(live + path, headers=head, timeout=PATIENCE_S).status_code

    assert status(now) == 404
    assert status(now - 400) == 401
    assert status(now, serial="00") == 401
    assert status(now, path=target + "&x=1") == 401


def test_a_probe_signature_fails_verification(merchant: WeChatPay, live: str, product: Product) -> None:
    prepay_id = _place(merchant, live)[1]["prepay_id"]
    fault = {"kind": "signtest", "platform": "pay", "endpoint": "TRANSACTION", "times": 1}
    requests.post(f"{live}/faults", json=fault, timeout=PATIENCE_S)
    product.answers.append((401, {"code": "FAIL"}))
    _confirm(live, {"prepay_id": prepay_id})
    first, second = product.wait_for(2)
    assert first.headers["Wechatpay-Signature"].startswith("WECHATPAY/SIGNTEST/")
    assert merchant.callback(first.headers, first.body) is None
    assert merchant.callback(second.headers, second.body)["event_type"] == "TRANSACTION.SUCCESS"
