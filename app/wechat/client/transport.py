"""One call to a platform: time-outs, tokens, retries where the platform asks for them, errors of our own.

wechatpy does the wire (its own retry is off, it never ends). Whether a call may be repeated after network trouble is
the caller's knowledge: `read` for what changes nothing or may happen twice, `once` for everything else.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError
from wechatpy import WeChatClient
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient as CorpClient

from app.kernel import request_slots
from app.kernel.errors import DomainError, PlatformUnavailable
from app.kernel.platforms import retries
from app.kernel.platforms.refusals import Meaning
from app.wechat import errors
from app.wechat.client.tokens import TokenStore
from app.wechat.errors import CodeRejected, OutcomeUnknown, WeChatError

logger = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Query = Mapping[str, str] | None
Body = Mapping[str, Any] | None

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait for a connection and for each piece of an answer; and the first pause before another try."""

    connect_s: float = 3.0
    read_s: float = 6.0
    pause_s: float = 0.2

    @property
    def pair(self) -> tuple[float, float]:
        return (self.connect_s, self.read_s)


class Unsent(Exception):
    """The connection was never made: nothing was sent."""


class Unanswered(Exception):
    """The request may have arrived, but no usable answer came back."""


@dataclass(frozen=True, slots=True)
class Transport:
    """The way to one account of one platform. `root` ends without a slash; paths begin with one."""

    platform: str
    root: str
    client: Any = field(repr=False)
    timeouts: Timeouts

    def read(self, method: str, path: str, *, query: Query = None, body: Body = None) -> dict[str, Any]:
        """A call that may safely happen twice; tried again after network trouble.

        Raises WeChatError, PlatformUnavailable.
        """
        answer = self._persist(lambda: self._send(method, path, query, body), repeatable=True)
        if not isinstance(answer, dict):
            raise PlatformUnavailable(platform=self.platform)
        return answer

    def once(self, method: str, path: str, *, query: Query = None, body: Body = None) -> dict[str, Any]:
        """A call that must not happen twice; repeated only when it certainly was not carried out.

        Raises WeChatError, PlatformUnavailable when it was never sent, OutcomeUnknown when no answer came.
        """
        answer = self._persist(lambda: self._send(method, path, query, body), repeatable=False)
        if not isinstance(answer, dict):
            raise OutcomeUnknown(platform=self.platform)
        return answer

    def redeem(
        self, rejected: type[CodeRejected], method: str, path: str, *, query: Query = None, body: Body = None
    ) -> dict[str, Any]:
        """Exchange a one-time code; `rejected` is raised when it is spent, unknown or too old.

        An answer that is lost may have spent the code, but nothing else happened: the client comes back with a new one.
        Raises WeChatError, PlatformUnavailable.
        """
        try:
            return self.once(method, path, query=query, body=body)
        except OutcomeUnknown:
            raise PlatformUnavailable(platform=self.platform) from None
        except CodeRejected as error:
            raise rejected(platform=error.platform, platform_code=error.platform_code, message=error.message) from None

    def picture(self, path: str, *, query: Query = None, body: Body = None) -> tuple[bytes, str]:
        """A call answered by a picture: its bytes and media type. Raises WeChatError, PlatformUnavailable."""
        answer = self._persist(lambda: self._send("post", path, query, body), repeatable=True)
        kind = media_type(answer.content) if isinstance(answer, requests.Response) else None
        if kind is None:
            raise PlatformUnavailable(platform=self.platform)
        return answer.content, kind

    def close(self) -> None:
        """Let go of the connections kept open between calls."""
        self.client._http.close()

    def _persist(self, send: Callable[[], Any], *, repeatable: bool) -> Any:
        """Try a few times, pausing longer each time, as long as trying again can neither harm nor be in vain."""
        with request_slots.given_up():
            return self._tried(send, repeatable=repeatable)

    def _tried(self, send: Callable[[], Any], *, repeatable: bool) -> Any:
        for is_last in retries.attempts(_TRIES, first_pause_s=self.timeouts.pause_s):
            try:
                return send()
            except WeChatError as error:
                if is_last or error.meaning is not Meaning.TRY_AGAIN:
                    raise
            except Unsent:
                failure: DomainError = PlatformUnavailable(platform=self.platform)
            except Unanswered:
                failure = PlatformUnavailable(platform=self.platform)
                if not repeatable:
                    raise OutcomeUnknown(platform=self.platform) from None
        raise failure

    def _send(self, method: str, path: str, query: Query, body: Body) -> Any:
        """One request. Errors are raised without their cause: its text holds the address with secrets and tokens."""
        # A list of pairs keeps wechatpy from adding a token of its own.
        pairs = list((query or {}).items())
        data = {} if body is None else {"data": dict(body)}
        try:
            return self.client._request(method, f"{self.root}{path}", params=pairs, timeout=self.timeouts.pair, **data)
        except WeChatClientException as error:
            raise self._translated(error, path) from None
        except requests.RequestException as error:
            self._note(type(error).__name__, path)
            raise (Unsent() if was_never_sent(error) else Unanswered()) from None

    def _translated(self, error: WeChatClientException, path: str) -> Exception:
        code = error.errcode
        self._note(code if code is not None else "http", path)
        if code is None:
            return Unanswered()
        return errors.refusal(self.platform, int(code), str(error.errmsg))

    def _note(self, code: object, path: str) -> None:
        logger.warning("platform call failed", extra={"platform": self.platform, "path": path, "code": code})


@dataclass(frozen=True, slots=True)
class TokenCalls:
    """Calls with the account's access token; one the platform calls stale is replaced, and the call tried once more."""

    transport: Transport
    tokens: TokenStore

    def read(self, method: str, path: str, *, query: Query = None, body: Body = None) -> dict[str, Any]:
        """As Transport.read, with the token."""
        return self._with_token(query, lambda full: self.transport.read(method, path, query=full, body=body))

    def once(self, method: str, path: str, *, query: Query = None, body: Body = None) -> dict[str, Any]:
        """As Transport.once, with the token."""
        return self._with_token(query, lambda full: self.transport.once(method, path, query=full, body=body))

    def redeem(
        self, rejected: type[CodeRejected], method: str, path: str, *, query: Query = None, body: Body = None
    ) -> dict[str, Any]:
        """As Transport.redeem, with the token."""
        return self._with_token(
            query, lambda full: self.transport.redeem(rejected, method, path, query=full, body=body)
        )

    def picture(self, path: str, *, query: Query = None, body: Body = None) -> tuple[bytes, str]:
        """As Transport.picture, with the token."""
        return self._with_token(query, lambda full: self.transport.picture(path, query=full, body=body))

    def _with_token(self, query: Query, call: Callable[[Mapping[str, str]], Answer]) -> Answer:
        token = self.tokens.current()
        try:
            return call({**(query or {}), "access_token": token})
        except WeChatError as error:
            if error.meaning is not Meaning.STALE_TOKEN:
                raise
        return call({**(query or {}), "access_token": self.tokens.after(token)})


def public_client(appid: str, root: str) -> WeChatClient:
    """A client of the mini-program's and official account's platform; it never sees the secret."""
    return _prepared(WeChatClient(appid, "", auto_retry=False), root)


def corp_client(corp_id: str, root: str) -> CorpClient:
    """A client of WeCom's platform; it never sees the secret."""
    return _prepared(CorpClient(corp_id, "", auto_retry=False), root)


def _prepared(client: BaseWeChatClient, root: str) -> BaseWeChatClient:
    # A developer's proxy settings must not send the sandbox's traffic through the proxy.
    client._http.trust_env = urlsplit(root).hostname not in LOOPBACK
    return client


def was_never_sent(error: requests.RequestException) -> bool:
    """Whether the trouble came before the request left: no address, no connection, no TLS."""
    if isinstance(error, (requests.ConnectTimeout, requests.exceptions.SSLError)):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def media_type(content: bytes) -> str | None:
    """What picture the bytes are, by their first bytes: the platform's header is not to be trusted."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/jpeg" if content.startswith(b"\xff\xd8\xff") else None
