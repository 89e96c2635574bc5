"""The mini-program's server side: sign-in codes, phone numbers, codes for walls, subscribe messages."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.wechat.client import rules
from app.wechat.client.rules import Outcome
from app.wechat.client.transport import TokenCalls
from app.wechat.errors import LoginCodeRejected, OutcomeUnknown, PhoneCodeRejected, PlatformUnavailable, WeChatError

PLATFORM = "mini"


@dataclass(frozen=True, slots=True)
class MiniSession:
    """Who opened the mini-program; unionid only where the accounts are bound to one open platform."""

    openid: str
    unionid: str | None


@dataclass(frozen=True, slots=True)
class SendResult:
    """What became of one message. `platform_code` is None when no code came back; `message_id` is the platform's."""

    outcome: Outcome
    platform_code: int | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class MiniProgram:
    """The group's mini-program. `state` and `env_version` say which version messages and codes open."""

    appid: str
    secret: str
    state: str
    env_version: str
    calls: TokenCalls

    def code_to_session(self, code: str) -> MiniSession:
        """Redeem a `wx.login` code; it works once, so nothing is tried twice.

        Raises LoginCodeRejected, WeChatError, PlatformUnavailable.
        """
        query = {
            "appid": self.appid,
            "secret": self.secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        answer = self.calls.transport.redeem(LoginCodeRejected, "get", "/sns/jscode2session", query=query)
        if not answer.get("openid"):
            raise PlatformUnavailable(platform=PLATFORM)
        return MiniSession(openid=str(answer["openid"]), unionid=str(answer.get("unionid") or "") or None)

    def phone_number(self, code: str) -> str:
        """Redeem the phone button's code; the number as people dial it at home, `+CC` before foreign ones.

        Raises PhoneCodeRejected, WeChatError, PlatformUnavailable.
        """
        answer = self.calls.redeem(PhoneCodeRejected, "post", "/wxa/business/getuserphonenumber", body={"code": code})
        info = answer.get("phone_info")
        if not isinstance(info, dict) or not info.get("purePhoneNumber"):
            raise PlatformUnavailable(platform=PLATFORM)
        number, country = str(info["purePhoneNumber"]), str(info.get("countryCode") or "86")
        return number if country == "86" else f"+{country}{number}"

    def code_image(self, scene: str, page: str) -> tuple[bytes, str]:
        """The code that opens `page` with `scene` (1-32 characters): picture and media type. It never expires.

        Raises WeChatError, PlatformUnavailable.
        """
        released = self.env_version == "release"
        body = {"scene": scene, "page": page, "check_path": released, "env_version": self.env_version, "width": 430}
        return self.calls.picture("/wxa/getwxacodeunlimit", body=body)

    def send_subscribe_message(
        self, openid: str, *, template_id: str, data: Mapping[str, str], page: str = ""
    ) -> SendResult:
        """Spend one consent on one message; never raises for what a platform does, the result says it."""
        body = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
            "miniprogram_state": self.state,
            "lang": "zh_CN",
        }
        if page:
            body["page"] = page
        return send(self.calls, "/cgi-bin/message/subscribe/send", body)


def send(calls: TokenCalls, path: str, body: Mapping[str, object]) -> SendResult:
    """Post a message once and say what became of it."""
    try:
        answer = calls.once("post", path, body=body)
    except OutcomeUnknown:
        return SendResult(Outcome.UNKNOWN)
    except PlatformUnavailable:
        return SendResult(Outcome.RETRY)
    except WeChatError as error:
        return SendResult(rules.outcome_of(error.meaning), platform_code=int(error.platform_code))
    return SendResult(Outcome.SENT, platform_code=0, message_id=str(answer.get("msgid") or "") or None)
