"""The official account: sign-in by web OAuth, template messages, the JS-SDK's signature."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.kernel import clock
from app.kernel.security import codes
from app.wechat.client.tokens import Fetched, TokenStore
from app.wechat.client.transport import TokenCalls
from app.wechat.errors import LoginCodeRejected, PlatformUnavailable, SnapshotUser
from app.wechat.mini import SendResult, send

PLATFORM = "official"
# Passes without a word; the unionid comes only for followers.
SILENT = "snsapi_base"
# Shows a page to agree on; must start from a tap.
WITH_CONSENT = "snsapi_userinfo"
SCOPES = (SILENT, WITH_CONSENT)


@dataclass(frozen=True, slots=True)
class OaIdentity:
    """Who came back from the OAuth page."""

    openid: str
    unionid: str | None


@dataclass(frozen=True, slots=True)
class JsSdkConfig:
    """What `wx.config` on one page needs; `timestamp` is unix seconds."""

    app_id: str
    timestamp: int
    nonce: str
    signature: str


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """The group's service account."""

    appid: str
    secret: str
    open_url: str
    calls: TokenCalls
    tickets: TokenStore

    def authorize_url(self, return_to: str, state: str, *, scope: str = SILENT) -> str:
        """Where to send a browser inside WeChat; it comes back to `return_to` with `code` and `state`.

        The order of the parameters and the fragment matter to WeChat. Raises ValueError for a state above 128 bytes.
        """
        if scope not in SCOPES or len(state.encode()) > 128:
            raise ValueError("unknown scope, or a state of more than 128 bytes")
        query = urlencode(
            {
                "appid": self.appid,
                "redirect_uri": return_to,
                "response_type": "code",
                "scope": scope,
                "state": state,
            }
        )
        return f"{self.open_url}/connect/oauth2/authorize?{query}#wechat_redirect"

    def code_to_identity(self, code: str) -> OaIdentity:
        """Redeem the code of the OAuth page; it works once.

        Raises LoginCodeRejected, SnapshotUser, WeChatError, PlatformUnavailable.
        """
        query = {"appid": self.appid, "secret": self.secret, "code": code, "grant_type": "authorization_code"}
        answer = self.calls.transport.redeem(LoginCodeRejected, "get", "/sns/oauth2/access_token", query=query)
        if str(answer.get("is_snapshotuser", "")) == "1":
            raise SnapshotUser
        if not answer.get("openid"):
            raise PlatformUnavailable(platform=PLATFORM)
        return OaIdentity(openid=str(answer["openid"]), unionid=self._unionid(answer))

    def _unionid(self, granted: Mapping[str, Any]) -> str | None:
        """The unionid of the grant; asked for where the person agreed to it and the grant left it out."""
        if granted.get("unionid") or WITH_CONSENT not in str(granted.get("scope", "")):
            return str(granted.get("unionid") or "") or None
        # This token is the person's own, not the account's.
        query = {"access_token": str(granted["access_token"]), "openid": str(granted["openid"]), "lang": "zh_CN"}
        answer = self.calls.transport.read("get", "/sns/userinfo", query=query)
        return str(answer.get("unionid") or "") or None

    def send_template(
        self,
        openid: str,
        *,
        template_id: str,
        data: Mapping[str, str],
        message_id: str,
        url: str = "",
        mini_page: tuple[str, str] | None = None,
    ) -> SendResult:
        """Send a template message to a follower; `mini_page` is (appid, path) and wins over `url`.

        `message_id` is ours and the same for the same message. Never raises for what a platform does.
        """
        body: dict[str, Any] = {
            "touser": openid,
            "template_id": template_id,
            "data": {name: {"value": value} for name, value in data.items()},
            "client_msg_id": message_id,
        }
        if url:
            body["url"] = url
        if mini_page is not None:
            body["miniprogram"] = {"appid": mini_page[0], "pagepath": mini_page[1]}
        return send(self.calls, "/cgi-bin/message/template/send", body)

    def jsapi_signature(self, url: str) -> JsSdkConfig:
        """Sign a page's own address (what follows `#` does not count) for the JS-SDK.

        Raises WeChatError, PlatformUnavailable.
        """
        ticket, nonce = self.tickets.current(), codes.new_public_id()
        timestamp = int(clock.now().timestamp())
        signature = sign_page(ticket=ticket, nonce=nonce, timestamp=timestamp, url=url)
        return JsSdkConfig(app_id=self.appid, timestamp=timestamp, nonce=nonce, signature=signature)


def sign_page(*, ticket: str, nonce: str, timestamp: int, url: str) -> str:
    """The JS-SDK's signature; order and lower-case names are prescribed, and so is SHA-1."""
    page = url.partition("#")[0]
    text = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def fetch_ticket(calls: TokenCalls) -> Fetched:
    """A JS-SDK ticket from the platform."""
    answer = calls.read("get", "/cgi-bin/ticket/getticket", query={"type": "jsapi"})
    if not answer.get("ticket"):
        raise PlatformUnavailable(platform=PLATFORM)
    return Fetched(str(answer["ticket"]), int(answer.get("expires_in", 7200)))
