"""WeChat Pay (APIv3): orders, queries, refunds, and the platform's notices."""

import json
import logging
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import requests
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt

from app.kernel import clock, request_slots
from app.kernel.platforms import retries
from app.kernel.security import codes
from app.kernel.settings import PaySettings
from app.kernel.spelling import texts
from app.wechat import errors
from app.wechat.client.transport import LOOPBACK, Timeouts
from app.wechat.errors import CallbackRefused, CallbackUnread, PlatformUnavailable, WeChatError
from app.wechat.pay import circle_notices, circle_points, notices
from app.wechat.pay.circle_notices import CircleNotice
from app.wechat.pay.circle_points import CirclePoints
from app.wechat.pay.notices import PaidOrder, PayNotice, RefundState
from app.wechat.pay.signers import TIMESTAMP, Signers

logger = logging.getLogger(__name__)

Found = TypeVar("Found")

PLATFORM = "pay"
TOLERANCE_S = 300
_TRIES = 3
# Asked to come again: every call here names the order or refund by our own number, so that repeating is harmless.
_TRY_AGAIN_STATUS = frozenset({500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class PayGateway:
    """The group's merchant account. All amounts are fen, positive; our own numbers make every call repeatable."""

    mchid: str
    signers: Signers
    client: Any = field(repr=False)
    apiv3_key: str = field(repr=False)
    pause_s: float

    @classmethod
    def from_settings(cls, settings: PaySettings, *, appid: str, timeouts: Timeouts) -> "PayGateway":
        """Build the client; loads the keys and calls nobody. Raises ValueError for keys that cannot be read."""
        client = WeChatPay(
            wechatpay_type=WeChatPayType.JSAPI,
            mchid=settings.mchid,
            private_key=settings.private_key,
            cert_serial_no=settings.serial,
            appid=appid,
            apiv3_key=settings.apiv3_key,
            public_key=settings.public_key,
            public_key_id=settings.public_key_id,
            timeout=timeouts.pair,
            proxy=_without_proxy(settings.url),
        )
        client._core._gate_way = settings.url
        signers = Signers.from_settings(settings)
        signers.install(client._core)
        return cls(
            mchid=settings.mchid, signers=signers, client=client, apiv3_key=settings.apiv3_key, pause_s=timeouts.pause_s
        )

    def prepay_jsapi(
        self,
        *,
        out_trade_no: str,
        description: str,
        amount_fen: int,
        openid: str,
        appid: str,
        notify_url: str,
        expires_at: datetime,
        attach: str = "",
    ) -> str:
        """Place an order for one person of one app; returns the prepay_id. The same order again is the same order.

        Raises WeChatError (ORDERPAID, PARAM_ERROR …), PlatformUnavailable.
        """
        answer = self._called(
            lambda: self.client.pay(
                description=description,
                out_trade_no=out_trade_no,
                amount={"total": amount_fen, "currency": "CNY"},
                payer={"openid": openid},
                time_expire=clock.local(expires_at).isoformat(timespec="seconds"),
                attach=attach or None,
                notify_url=notify_url,
                appid=appid,
                pay_type=WeChatPayType.JSAPI,
            )
        )
        if not answer.get("prepay_id"):
            raise PlatformUnavailable(platform=PLATFORM)
        return str(answer["prepay_id"])

    def client_params(self, prepay_id: str, *, appid: str) -> dict[str, str]:
        """What `wx.requestPayment` (or the JS bridge) needs, signed by the merchant."""
        timestamp, nonce, package = str(int(clock.now().timestamp())), codes.new_public_id(), f"prepay_id={prepay_id}"
        signature = self.client.sign([appid, timestamp, nonce, package])
        return {
            "appId": appid,
            "timeStamp": timestamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": str(signature),
        }

    def query(self, out_trade_no: str) -> PaidOrder:
        """The order as the platform has it, paid or not. Raises WeChatError (ORDER_NOT_EXIST), PlatformUnavailable."""
        return _understood(notices.order_of, self._called(lambda: self.client.query(out_trade_no=_plain(out_trade_no))))

    def close(self, out_trade_no: str) -> None:
        """Close an unpaid order; a closed one stays closed. Raises WeChatError (ORDERPAID), PlatformUnavailable."""
        self._called(lambda: self.client.close(out_trade_no=_plain(out_trade_no)))

    def refund(
        self,
        *,
        out_trade_no: str,
        out_refund_no: str,
        refund_fen: int,
        total_fen: int,
        reason: str,
        notify_url: str,
    ) -> RefundState:
        """Ask for a refund of an order or part of it; the same number again is the same refund.

        Raises WeChatError (NOT_ENOUGH, RESOURCE_NOT_EXISTS …), PlatformUnavailable.
        """
        amount = {"refund": refund_fen, "total": total_fen, "currency": "CNY"}
        answer = self._called(
            lambda: self.client.refund(
                out_refund_no=out_refund_no,
                amount=amount,
                out_trade_no=out_trade_no,
                reason=reason,
                notify_url=notify_url,
            )
        )
        return _understood(notices.refund_of, answer)

    def query_refund(self, out_refund_no: str) -> RefundState:
        """The refund as the platform has it. Raises WeChatError (RESOURCE_NOT_EXISTS), PlatformUnavailable."""
        return _understood(notices.refund_of, self._called(lambda: self.client.query_refund(_plain(out_refund_no))))

    def parse_notice(self, headers: Mapping[str, str], body: bytes) -> PayNotice:
        """Verify, decrypt and read a notice that was signed within the last 300 s.

        Raises CallbackRefused, also for the platform's deliberate bad signatures, and CallbackUnread. The caller still
        compares merchant, app and amount with its own order.
        """
        envelope, opened = self._verified(headers, body)
        try:
            said = texts.readable(json.loads(opened, strict=False))
            return notices.notice_of({**envelope, "resource": said}, now=clock.now())
        except (*notices.UNREADABLE, RecursionError) as error:
            raise CallbackUnread(opened) from error

    def tell_points(self, told: CirclePoints) -> None:
        """Tell the platform what a payment in the circle earned; the same again is harmless.

        The library's own call takes neither no points nor none at all. Raises WeChatError (RESOURCE_NOT_EXISTS,
        NO_AUTH …), PlatformUnavailable.
        """
        body = circle_points.body_of(told, own_mchid=self.mchid)
        self.request(circle_points.PATH, body)

    def request(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A call that the library has not, or cannot make: POST with a body, else GET; repeating it must be harmless.

        Whatever is not plain in the path is escaped by the caller. Raises WeChatError, PlatformUnavailable.
        """
        method = RequestType.GET if body is None else RequestType.POST
        return self._called(lambda: self.client._core.request(path, method=method, data=body))

    def parse_circle_notice(self, headers: Mapping[str, str], body: bytes) -> CircleNotice:
        """The same for a notice of the business circle, whose merchant and app the caller compares with its malls'."""
        envelope, opened = self._verified(headers, body)
        return circle_notices.read_opened(circle_notices.text_of(envelope, opened), now=clock.now())

    def _verified(self, headers: Mapping[str, str], body: bytes) -> tuple[dict[str, Any], str]:
        """The envelope of a notice and what was sealed in it; age and signature are looked at before anything else."""
        _ensure_current(headers)
        if not self.signers.have_signed(headers, body):
            raise CallbackRefused
        return self._opened(_text(body))

    def _opened(self, text: str) -> tuple[dict[str, Any], str]:
        """The platform's envelope and the text that is sealed in it; raises CallbackRefused, CallbackUnread."""
        try:
            # The library reads the envelope's JSON strictly; a control character in it is no reason to lose a payment.
            envelope: dict[str, Any] = texts.readable(json.loads(text, strict=False))
            sealed = envelope["resource"]
            parts = sealed["nonce"], sealed["ciphertext"], sealed.get("associated_data") or ""
            _ensure_sealed(*parts)
            opened = aes_decrypt(*parts, self.apiv3_key)
        except (*notices.UNREADABLE, RecursionError) as error:
            raise CallbackUnread(text) from error
        if not isinstance(opened, str):  # not sealed under our secret: the platform sends again until that is put right
            raise CallbackRefused
        return envelope, opened

    def _called(self, call: Callable[[], tuple[int, str | bytes]]) -> dict[str, Any]:
        """Call, and again after a pause while the platform only asks for patience."""
        with request_slots.given_up():
            for _ in retries.attempts(_TRIES, first_pause_s=self.pause_s):
                status, text = self._answer(call)
                if status not in _TRY_AGAIN_STATUS:
                    break
        if status >= 500:
            raise PlatformUnavailable(platform=PLATFORM)
        found = _decoded(text)
        if status >= 300:
            raise self._refusal(status, found)
        return found

    def _answer(self, call: Callable[[], tuple[int, str | bytes]]) -> tuple[int, str | bytes]:
        """Network trouble is an answer like 503: all calls may be repeated. A forged answer is no answer at all."""
        try:
            return call()
        except requests.RequestException as error:
            logger.warning("platform call failed", extra={"platform": PLATFORM, "code": type(error).__name__})
            return 503, ""
        except Exception:  # "failed to verify the signature" is a bare Exception, unknown serials a ValueError
            logger.warning("answer of the platform was not signed by it", extra={"platform": PLATFORM})
            raise PlatformUnavailable(platform=PLATFORM) from None

    def _refusal(self, status: int, found: Mapping[str, Any]) -> WeChatError:
        code, message = str(found.get("code") or status), str(found.get("message") or "")
        logger.warning("platform call failed", extra={"platform": PLATFORM, "code": code})
        return errors.refusal(PLATFORM, code, message, status=status)


def _ensure_current(headers: Mapping[str, str]) -> None:
    timestamp = headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise CallbackRefused
    if abs(clock.now().timestamp() - int(timestamp)) > TOLERANCE_S:
        raise CallbackRefused


def _text(body: bytes) -> str:
    """A signed body for people to look at if need be: bytes that are no UTF-8 as `\\xff`, which JSON does not have."""
    return body.decode(errors="backslashreplace")


def _decoded(text: str | bytes) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _understood(read: Callable[..., Found], answer: Mapping[str, Any]) -> Found:
    """A signed answer that is not what was asked for is as good as none."""
    try:
        return read(answer, now=clock.now())
    except notices.UNREADABLE:
        raise PlatformUnavailable(platform=PLATFORM) from None


def _ensure_sealed(*parts: object) -> None:
    """What the platform seals is three texts, the second in Base64; raises ValueError."""
    nonce, ciphertext, _ = parts
    if not (nonce and all(isinstance(part, str) for part in parts)):
        raise ValueError("no sealed text")
    b64decode(str(ciphertext), validate=True)


def _plain(number: str) -> str:
    """Our own numbers go into the path: whatever is not plain is escaped, as it is signed."""
    return quote(number, safe="")


def _without_proxy(url: str) -> dict[str, str] | None:
    """A developer's proxy settings must not send the sandbox's traffic through the proxy."""
    host = urlsplit(url).hostname
    return {"no_proxy": host} if host in LOOPBACK and host is not None else None
