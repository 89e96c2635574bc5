"""WeChat Pay v3: JSAPI orders, queries, closing, refunds; every request verified, every answer signed."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from sandbox.kit import ids
from sandbox.kit.errors import ApiError, PayRefusal
from sandbox.kit.wire import json_response, platform_blueprint
from sandbox.kit.world import World, world
from sandbox.pay import orders
from sandbox.pay.signatures import PayKeys
from sandbox.people import people

blueprint = platform_blueprint("pay", __name__)

_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
_REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")


def keys() -> PayKeys:
    """The keys of this sandbox. Raises PayRefusal while WeChat Pay is not configured."""
    found: PayKeys | None = current_app.extensions["sandbox_pay_keys"]
    if found is None:
        raise PayRefusal(500, "SYSTEM_ERROR", "the sandbox has no WeChat Pay keys")
    return found


@blueprint.before_request
def verify() -> None:
    """Check the merchant's signature over the request exactly as it came over the wire."""
    target = request.environ.get("REQUEST_URI") or request.full_path.rstrip("?")
    keys().check_request(
        world().clock, request.headers.get("Authorization", ""), request.method, target, request.get_data()
    )


@blueprint.after_request
def sign(response: Response) -> Response:
    """Sign the answer; errors too, which the real platform may leave unsigned."""
    found: PayKeys | None = current_app.extensions["sandbox_pay_keys"]
    if found is not None:
        response.headers.update(found.signed(world(), request.path, response.get_data()))
    return response


def read_body() -> dict[str, Any]:
    """The JSON object of the request. Raises PayRefusal."""
    data = request.get_json(force=True, silent=True)
    if not isinstance(data, dict):
        raise PayRefusal(400, "PARAM_ERROR", "请求体不是合法的 JSON")
    return data


def need(value: bool, message: str) -> None:
    """Raises PayRefusal PARAM_ERROR unless so."""
    if not value:
        raise PayRefusal(400, "PARAM_ERROR", message)


def _is_fen(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


@blueprint.post("/v3/pay/transactions/jsapi")
def order() -> Response:
    """Place an order; the same order again gets a prepay_id again."""
    here, body = world(), read_body()
    settings = here.settings
    openid = (body.get("payer") or {}).get("openid", "")
    total = (body.get("amount") or {}).get("total")
    need(body.get("mchid") == settings.pay_mchid, "mchid 与签名的商户号不一致")
    need(body.get("appid") in (settings.mini_appid, settings.oa_appid), "appid 和 mchid 不匹配")
    need(bool(body.get("description")) and len(str(body["description"])) <= 127, "description 不合法")
    need(bool(_NUMBER.fullmatch(str(body.get("out_trade_no", "")))), "out_trade_no 不合法")
    need(_is_notify_url(body.get("notify_url")), "notify_url 不合法")
    need(_is_fen(total), "amount.total 不合法")
    column = "mini_openid" if body["appid"] == settings.mini_appid else "oa_openid"
    need(people.find(here.store, column, openid) is not None, "无效的 openid")
    return json_response({"prepay_id": _place(here, body, openid, total)})


def _is_notify_url(url: Any) -> bool:
    """An address without a query; the real platform insists on https, here the product listens on loopback."""
    parts = urlsplit(str(url or ""))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment


def _place(here: World, body: dict[str, Any], openid: str, total_fen: Any) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    with here.store.transaction():
        known = orders.find(here, body["out_trade_no"])
        if known is None:
            prepay_id = ids.token(34, "wx")
            facts = {"state": "NOTPAY", "openid": openid, "total_fen": total_fen, "body_json": text}
            number = body["out_trade_no"]
            here.store.insert("orders", out_trade_no=number, prepay_id=prepay_id, **facts, made_at=here.clock.now())
            return prepay_id
        if known["paid_at"] is not None:
            raise PayRefusal(400, "ORDERPAID", "该订单已支付")
        if known["state"] == "CLOSED":
            raise PayRefusal(400, "ORDER_CLOSED", "该订单已关闭")
        if known["body_json"] != text:
            raise PayRefusal(400, "INVALID_REQUEST", "201 商户订单号重复")
        prepay_id = str(known["prepay_id"])
        sql = "UPDATE orders SET made_at = ? WHERE prepay_id = ?"
        here.store.write(sql, here.clock.now(), prepay_id)
    return prepay_id


def _order_or_refuse(column: str, value: str) -> Any:
    if request.args.get("mchid") != world().settings.pay_mchid:
        raise PayRefusal(400, "PARAM_ERROR", "mchid 与签名的商户号不一致")
    found = world().store.one(f"SELECT * FROM orders WHERE {column} = ?", value)  # noqa: S608 - two names below
    if found is None:
        raise PayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
    return found


@blueprint.get("/v3/pay/transactions/out-trade-no/<out_trade_no>")
def query(out_trade_no: str) -> Response:
    """An order by the merchant's number."""
    return json_response(orders.view(world(), _order_or_refuse("out_trade_no", out_trade_no)))


@blueprint.get("/v3/pay/transactions/id/<transaction_id>")
def query_by_id(transaction_id: str) -> Response:
    """An order by the platform's number."""
    return json_response(orders.view(world(), _order_or_refuse("transaction_id", transaction_id)))


@blueprint.post("/v3/pay/transactions/out-trade-no/<out_trade_no>/close")
def close(out_trade_no: str) -> Response:
    """Close an unpaid order; closing again is fine."""
    here = world()
    need(read_body().get("mchid") == here.settings.pay_mchid, "mchid 与签名的商户号不一致")
    with here.store.transaction():
        found = orders.find(here, out_trade_no)
        if found is None:
            raise PayRefusal(404, "ORDER_NOT_EXIST", "订单不存在")
        if found["paid_at"] is not None:
            raise PayRefusal(400, "ORDERPAID", "该订单已支付")
        here.store.write("UPDATE orders SET state = 'CLOSED' WHERE out_trade_no = ?", out_trade_no)
    return Response(b"", 204)


@blueprint.post("/v3/refund/domestic/refunds")
def refund() -> Response:
    """Refund a paid order; the same refund again is the same refund."""
    here, body = world(), read_body()
    amount = body.get("amount") or {}
    need(bool(_REFUND_NUMBER.fullmatch(str(body.get("out_refund_no", "")))), "out_refund_no 不合法")
    need(_is_fen(amount.get("refund")) and _is_fen(amount.get("total")), "amount 不合法")
    need(amount.get("currency") == "CNY", "currency 不合法")
    with here.store.transaction():
        sql = "SELECT * FROM orders WHERE transaction_id = ? OR out_trade_no = ?"
        found = here.store.one(sql, body.get("transaction_id") or "", body.get("out_trade_no") or "")
        if found is None or found["paid_at"] is None:
            raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "订单不存在或未支付")
        known = here.store.one("SELECT * FROM refunds WHERE out_refund_no = ?", body["out_refund_no"])
        if known is not None:
            return _refund_again(here, known, found, amount)
        left_fen = found["total_fen"] - orders.refunded_fen(here, found["out_trade_no"])
        if amount["total"] != found["total_fen"] or amount["refund"] > left_fen:
            raise PayRefusal(400, "INVALID_REQUEST", "订单金额或退款金额与之前请求不一致，请核实后再试")
        answer = orders.add_refund(here, found, body)
    new = here.store.one("SELECT * FROM refunds WHERE out_refund_no = ?", body["out_refund_no"])
    if new is not None:
        orders.notify_refund(here, new)
    return json_response(answer)


def _refund_again(here: World, known: Any, order_: Any, amount: dict[str, Any]) -> Response:
    if known["out_trade_no"] != order_["out_trade_no"] or known["refund_fen"] != amount["refund"]:
        raise PayRefusal(400, "INVALID_REQUEST", "退款单号重复，内容与之前请求不一致")
    return json_response(orders.refund_view(here, known))


@blueprint.get("/v3/refund/domestic/refunds/<out_refund_no>")
def query_refund(out_refund_no: str) -> Response:
    """A refund by the merchant's number."""
    found = world().store.one("SELECT * FROM refunds WHERE out_refund_no = ?", out_refund_no)
    if found is None:
        raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return json_response(orders.refund_view(world(), found))


@blueprint.get("/v3/certificates")
def certificates() -> Response:
    """Merchants in public-key mode have no platform certificates to download."""
    raise PayRefusal(404, "RESOURCE_NOT_EXISTS", "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥")


def request_payment(here: World, person_id: str, params: dict[str, Any]) -> dict[str, Any]:
    """What wx.requestPayment does after the person confirmed: check the page's signature, pay the order.

    `params` are appId, timeStamp, nonceStr, package, signType, paySign. Raises ApiError.
    """
    package = str(params.get("package", ""))
    if params.get("signType") != "RSA" or not package.startswith("prepay_id="):
        raise ApiError(422, "payment_invalid", "requestPayment:fail 缺少参数或签名方式不对")
    fields = (params.get("appId"), params.get("timeStamp"), params.get("nonceStr"), package)
    text = "".join(f"{field}\n" for field in fields).encode()
    if not keys().is_merchants(text, str(params.get("paySign", ""))):
        raise ApiError(422, "payment_signature", "requestPayment:fail 支付验证签名失败")
    return orders.confirm(here, person_id, package.removeprefix("prepay_id="))
