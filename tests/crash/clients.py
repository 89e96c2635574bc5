"""Clients of a stack that is being killed: they retry as real ones do, and note what was acknowledged."""

import json
import random
import re
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from app.identity import consents
from app.kernel.security import signing
from app.kernel.security.signing import Call
from tests.crash.prepare import CAR_PARK
from tests.support.patience import PATIENCE_S
from tests.support.stacks import Stack

GIVES_UP = 0.1  # of those whose answer was lost walk away and never learn what became of it
_CSRF = re.compile(r'name="csrf-token" content="([0-9a-f]{64})"')


class WalkedAway(Exception):
    """The client lost an answer and did not ask again."""


@dataclass(slots=True)
class Book:
    """What clients were told, by kind of command, and how often an answer was lost."""

    acknowledged: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    refused: list[str] = field(default_factory=list)
    lost: int = 0
    walked_away: int = 0

    def told(self) -> int:
        """How many commands were acknowledged."""
        return sum(len(facts) for facts in list(self.acknowledged.values()))


@dataclass(slots=True)
class Client:
    """One person or machine with a connection and a sense of how often to try."""

    stack: Stack
    book: Book
    chance: random.Random
    ended: threading.Event
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False

    def ask(self, send: Callable[[], requests.Response], *, patient: bool = False) -> requests.Response:
        """Sends until there is an answer that is not a server's failure; raises WalkedAway."""
        while True:
            try:
                answer = send()
                if answer.status_code < 500:
                    return answer
            except requests.RequestException:
                self.session.close()
            self.book.lost += 1
            if not patient and self.chance.random() < GIVES_UP:
                self.book.walked_away += 1
                raise WalkedAway
            self.ended.wait(0.05)

    def post(self, path: str, body: dict[str, Any], *, key: str = "", **headers: str) -> requests.Response:
        """A command: the same key however often it is sent."""
        named = headers | {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.ask(lambda: self.session.post(self.stack.url + path, json=body, headers=named, timeout=PATIENCE_S))

    def note(self, kind: str, answer: requests.Response, value: Any) -> None:
        """Writes an acknowledgement down; a refusal nobody expected, too."""
        if answer.status_code < 300:
            self.book.acknowledged[kind].append(value)
        else:
            self.book.refused.append(f"{kind} {answer.status_code} {answer.text[:200]}")

    def sandbox(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Does something on the sandbox phone, which is not killed."""
        answer = self.session.post(self.stack.sandbox_url + path, json=body or {}, timeout=PATIENCE_S)
        answer.raise_for_status()
        return dict(answer.json())


def join(client: Client, scene: str, number: int) -> None:
    """Somebody new scans, signs in and joins with WeChat's phone button."""
    phone = f"1350000{number:04d}"
    person = client.sandbox("/phone/api/people", {"name": f"乙{number}", "phone": phone})["id"]
    visit = {"scene": scene, "visit_key": uuid.uuid4().hex}

    def sign_in() -> requests.Response:
        code = client.sandbox(f"/phone/api/people/{person}/login-code")["code"]
        login = {"code": code, **visit}
        return client.session.post(f"{client.stack.url}/api/v1/sessions/mini-program", json=login, timeout=PATIENCE_S)

    token = client.ask(sign_in).json()["token"]
    while True:
        code = client.sandbox(f"/phone/api/people/{person}/phone-code")["code"]
        wish = {"consent_version": consents.DEFAULT_VERSION, "phone_code": code, **visit}
        answer = client.post("/api/v1/members/me/join", wish, Authorization=f"Bearer {token}")
        # A phone code is good for one use: whoever lost the answer presses the button again.
        if answer.status_code != 422 or answer.json()["error"]["code"] != "phone_code_invalid":
            break
    client.note("join", answer, answer.json().get("member", {}).get("id"))


def pay_parking(client: Client, driver: dict[str, str]) -> None:
    """A member pays what is due by coupon hours and points."""
    bearer = {"Authorization": f"Bearer {driver['token']}"}
    url = f"{client.stack.url}/api/v1/members/me/parking"
    [session] = client.ask(lambda: client.session.get(url, headers=bearer, timeout=PATIENCE_S)).json()["sessions"]
    quoted = client.post(f"/api/v1/members/me/parking/{session['id']}/quote", {}, **bearer).json()
    wish = {
        "quote_id": quoted["quote_id"],
        "coupon_ids": [coupon["id"] for coupon in quoted["proposal"]["coupons"]],
        "points": quoted["proposal"]["points"]["points"],
    }
    answer = client.post(f"/api/v1/members/me/parking/{session['id']}/pay", wish, **bearer)
    client.note("payment", answer, answer.json().get("payment", {}).get("id"))


@dataclass(slots=True)
class Till:
    """A clerk at the portal."""

    client: Client
    token: str = ""

    def sign_in(self, clerk: dict[str, str]) -> None:
        session, url = self.client.session, self.client.stack.url
        page = self.client.ask(lambda: session.get(f"{url}/portal/sign-in", timeout=PATIENCE_S), patient=True)
        form = {**clerk, "csrf_token": _csrf(page)}
        self.client.ask(lambda: session.post(f"{url}/portal/sign-in", data=form, timeout=PATIENCE_S), patient=True)
        self.token = _csrf(self.client.ask(lambda: session.get(f"{url}/portal/me", timeout=PATIENCE_S), patient=True))

    def redeem(self, code: str) -> None:
        """Confirms a coupon, as the scan page does."""
        answer = self.client.post(
            "/portal/api/redemptions", {"code": code, "spend_fen": None}, **{"X-CSRF-Token": self.token}
        )
        self.client.note("redemption", answer, code)


def _csrf(page: requests.Response) -> str:
    found = _CSRF.search(page.text)
    assert found is not None, page.text[:300]
    return found[1]


@dataclass(slots=True)
class Pos:
    """A till that posts receipts, or a gate that posts events: every attempt is signed anew."""

    client: Client
    client_id: str
    secret: str

    def send(self, target: str, message: dict[str, Any]) -> requests.Response:
        body = json.dumps(message).encode()

        def once() -> requests.Response:
            signed = signing.headers(self.client_id, self.secret, Call("POST", target, body), now=self.client.stack.now)
            headers = signed | {"Content-Type": "application/json"}
            return self.client.session.post(
                self.client.stack.url + target, data=body, headers=headers, timeout=PATIENCE_S
            )

        return self.client.ask(once)

    def sell(self, store_code: str, card_no: str, number: int) -> None:
        """One receipt of a member."""
        message = {
            "source": "pos",
            "receipt_no": f"R{number:06d}",
            "store_code": store_code,
            "card_no": card_no,
            "occurred_at": self.client.stack.now.isoformat(),
            "amount_fen": 10_000 + number,
        }
        self.client.note("receipt", self.send("/open/v1/receipts", message), message["receipt_no"])

    def let_in(self, number: int) -> None:
        """A car that nobody knows drives in."""
        message = {
            "event_id": f"load-{number}",
            "car_park_code": CAR_PARK,
            "lane": "2",
            "plate": f"沪C{number:05d}",
            "direction": "in",
            "occurred_at": self.client.stack.now.isoformat(),
        }
        self.client.note("gate", self.send("/open/v1/parking/events", message), message["event_id"])
