"""A signed JSON request to a machine that takes a repeated message as the same message."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from app.kernel import clock, request_slots
from app.kernel.errors import DomainError, PlatformUnavailable
from app.kernel.platforms import refusals, retries
from app.kernel.platforms.refusals import TEMPORARY, Meaning
from app.kernel.security import signing
from app.kernel.security.signing import Call

logger = logging.getLogger(__name__)

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TRIES = 2


class MachineRefused(DomainError):
    """The provider or gate refused the message, and will again. Facts: platform, reason (its own word)."""

    kind = "conflict"
    code = "machine_refused"

    def __init__(self, *, platform: str, reason: str) -> None:
        super().__init__(platform=platform, reason=reason)
        self.reason = reason


class MachineBusy(MachineRefused):
    """The provider or gate refuses for now: a limit is reached, or it is busy."""

    kind = "busy"
    code = "machine_busy"


class PhoneRefused(MachineRefused):
    """The provider cannot or may not send to this phone: another one is needed."""

    code = "phone_refused"
    kind = "invalid"


_KINDS: dict[Meaning, type[MachineRefused]] = {
    Meaning.INPUT: PhoneRefused,
    **dict.fromkeys(TEMPORARY, MachineBusy),
}


@dataclass(frozen=True, slots=True)
class Machines:
    """The way to one kind of machine; `timeout_s` is for the connection and for the answer each."""

    platform: str
    timeout_s: float
    session: requests.Session = field(default_factory=requests.Session, repr=False)

    def post(
        self, base_url: str, path: str, message: Mapping[str, Any], *, client_id: str, secret: str
    ) -> dict[str, Any]:
        """Sign and post; once more after network trouble, because the message's id makes a repeat harmless.

        Raises MachineRefused, PlatformUnavailable (it may or may not have arrived: repeat it with the same id).
        """
        body = json.dumps(message, ensure_ascii=False).encode()
        for _ in retries.attempts(_TRIES):
            answer = self._sent(base_url, path, body, client_id=client_id, secret=secret)
            if answer is not None and answer.status_code < 500:
                return self._read(answer)
        raise PlatformUnavailable(platform=self.platform)

    def close(self) -> None:
        """Let go of the connections kept open between calls."""
        self.session.close()

    def _sent(self, base_url: str, path: str, body: bytes, *, client_id: str, secret: str) -> requests.Response | None:
        target = urlsplit(base_url).path.rstrip("/") + path
        # A fresh nonce for each try: the first one may have been taken.
        signed = signing.headers(client_id, secret, Call("POST", target, body), now=clock.now())
        request = requests.Request(
            "POST", f"{base_url}{path}", data=body, headers={"Content-Type": "application/json", **signed}
        )
        try:
            return self._send(request)
        except requests.RequestException as error:
            logger.warning("machine did not answer", extra={"platform": self.platform, "code": type(error).__name__})
            return None

    def _send(self, request: requests.Request) -> requests.Response:
        """Without redirects: a signature is for one address. Without a proxy to this very machine."""
        prepared = self.session.prepare_request(request)
        url = prepared.url or ""
        proxies = {} if urlsplit(url).hostname in _LOOPBACK else requests.utils.get_environ_proxies(url)
        with request_slots.given_up():
            return self.session.send(
                prepared, timeout=(self.timeout_s, self.timeout_s), allow_redirects=False, proxies=proxies
            )

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        found = _object(answer)
        if found is None and answer.status_code < 400:  # whoever answered is not the machine
            raise PlatformUnavailable(platform=self.platform)
        found = found or {}
        if answer.status_code != 200 or found.get("ok") is not True:
            reason = str(found.get("error") or answer.status_code)
            logger.warning("machine refused", extra={"platform": self.platform, "code": reason})
            meaning = refusals.meaning_of(self.platform, reason, status=answer.status_code)
            raise _KINDS.get(meaning, MachineRefused)(platform=self.platform, reason=reason)
        return found


def _object(answer: requests.Response) -> dict[str, Any] | None:
    """The JSON object that was answered, None for anything else."""
    try:
        found = answer.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
