"""`requests`: statements and round trips of the twenty requests that a mall sends most, once everything is warm.

Counted by libpq's own trace, BEGIN, COMMIT and ROLLBACK among the round trips. No clock is involved, so the figures are
the same on every machine; `--write` puts the table into docs/benches.md, where a change shows what it adds.
"""

import json
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.identity import consents
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import signing
from app.kernel.security.signing import Call
from app.kernel.settings import Settings
from script.benches.data import redemption_data, requests_data
from script.benches.data.requests_data import Scene
from script.benches.support.figures import say
from script.benches.support.servers import ROOT, Ground, ground
from script.benches.support.wire import Traffic, Wire
from script.supervisor.errors import Stop
from wsgi import create_app

PAGE = ROOT / "docs" / "benches.md"
WARM = 8  # the driver prepares a statement when it has seen it five times
_BEGIN, _END = "<!-- requests: written by script/bench requests --write -->", "<!-- end of requests -->"
_OWN = {"/portal": "me", "/console": "password"}  # a page of each that every member of staff may see
_CSRF = re.compile(r'name="csrf-token" content="([0-9a-f]+)"')


Send = Callable[[], TestResponse]


@dataclass(frozen=True, slots=True)
class Request:
    """A kind of request. `load` makes what one of them needs, and returns what sends it."""

    name: str
    load: Callable[[], Send]
    status: int = 200

    def ensure(self, answer: TestResponse) -> None:
        """Raises Stop for an answer that is not the expected one."""
        if answer.status_code != self.status:
            raise Stop(f"{self.name} was answered with {answer.status_code}: {answer.text[:300]}")


def run(arguments: list[str]) -> None:
    """Count and print; `--write` updates the page, too."""
    with ground() as bench:
        bench.migrated("requests")
        counted = list(measure(bench, "requests"))
    for name, traffic in counted:
        line = {"name": name, "statements": traffic.statements, "round_trips": traffic.round_trips}
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    if "--write" in arguments:
        write(PAGE, counted)


def rehearse(bench: Ground, template: str) -> dict[str, Traffic]:
    """All of it, in a copy of the migrated database `template`: counting is as small as it gets."""
    bench.copied("requests", template)
    return dict(measure(bench, "requests"))


def measure(bench: Ground, database: str) -> Iterator[tuple[str, Traffic]]:
    """Each kind of request with what one of them sends to the database; raises Stop when one is refused."""
    environment = bench.environment(database)
    redemption_data.fill(environment, coupons=20 * WARM)
    app = create_app(Settings.from_environment(environment))
    with app.app_context():
        wire = Wire(db.engine)
    scene = requests_data.build(app)
    say("sending ...")
    try:
        for request in Sender(scene).requests():
            for _ in range(WARM):
                request.ensure(request.load()())
            send = request.load()
            wire.read()
            request.ensure(send())
            yield request.name, wire.read()
    finally:
        with app.app_context():
            db.engine.dispose()
        wire.close()


def write(page: Path, counted: list[tuple[str, Traffic]]) -> None:
    """Put the table between the marks of the page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _, found, after = rest.partition(_END)
    if not found:
        raise Stop(f"{page} has no place for the table")
    rows = [f"| `{name}` | {one.statements} | {one.round_trips} |" for name, one in counted]
    table = "\n".join(["| request | statements | round trips |", "| --- | --- | --- |", *rows])
    page.write_text(f"{before}{_BEGIN}\n{table}\n{_END}{after}", encoding="utf-8")


class Sender:
    """Shoppers, a clerk, a till, a gate and the mall's operations, each with what their requests carry."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.client: FlaskClient = scene.app.test_client(use_cookies=False)
        self.coupons = 0
        self.portal = self._signed_in("/portal", redemption_data.phone(0))
        self.console = self._signed_in("/console", requests_data.KEEPER)
        joined = Request("join", lambda: partial(self._post_api, "/members/me/join", self._arrival(), scene.token))
        joined.ensure(joined.load()())

    def requests(self) -> list[Request]:
        """The twenty, by who sends them."""
        mall = f"/console/{requests_data.MALL}"
        api = [f"/members/me{path}" for path in ("", "/code", "/coupons", "/points", "/tasks", "/parking")]
        return [
            Request("GET /api/v1/entrances/…", lambda: partial(self._api, f"/entrances/{self.scene.entrance}")),
            Request("POST /api/v1/entrance-scans", self._scan, 202),
            Request("POST /api/v1/sessions/sms", self._sign_in_by_sms, 201),
            Request("POST /api/v1/members/me/join", self._join),
            *[Request(f"GET /api/v1{path}", partial(partial, self._api, path)) for path in api],
            self._reading("/portal", self.portal),
            Request("POST /portal/api/lookups", self._look_up),
            Request("POST /portal/api/redemptions", self._redeem, 201),
            Request("POST /portal/api/redemptions/…/undo", self._undo),
            self._reading("/portal/api/today", self.portal),
            self._reading("/portal/history", self.portal),
            Request("POST /open/v1/receipts", self._receipt, 201),
            Request("POST /open/v1/parking/events", self._drive_in),
            self._reading(mall, self.console),
            self._reading(f"{mall}/members", self.console),
        ]

    def _reading(self, path: str, headers: dict[str, str]) -> Request:
        return Request(f"GET {path}", lambda: partial(self.client.get, path, headers=headers))

    def _signed_in(self, portal: str, phone: str) -> dict[str, str]:
        """The headers of a member of staff's browser."""
        page = self.client.get(f"{portal}/sign-in")
        form = {"phone": phone, "password": redemption_data.PASSWORD, "csrf_token": _token(page)}
        sent = {"Cookie": _cookies(page), "Content-Type": "application/x-www-form-urlencoded"}
        done = self.client.post(f"{portal}/sign-in", data=urlencode(form), headers=sent)
        headers = {"Cookie": _cookies(done)}
        return headers | {"X-CSRF-Token": _token(self.client.get(f"{portal}/{_OWN[portal]}", headers=headers))}

    def _api(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.scene.token}"})

    def _post_api(self, path: str, body: object, token: str = "") -> TestResponse:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def _arrival(self) -> dict[str, object]:
        return {"consent_version": consents.DEFAULT_VERSION, **self._visit()}

    def _visit(self) -> dict[str, object]:
        return {"scene": self.scene.entrance, "visit_key": uuid.uuid4().hex}

    def _scan(self) -> Send:
        return partial(self._post_api, "/entrance-scans", self._visit())

    def _sign_in_by_sms(self) -> Send:
        phone = self.scene.next_phone()
        return partial(
            self._post_api, "/sessions/sms", {"phone": phone, "code": self.scene.sms_code(phone), **self._visit()}
        )

    def _join(self) -> Send:
        token = self.scene.visitor_token(self.scene.next_phone())
        return partial(self._post_api, "/members/me/join", self._arrival(), token)

    def _post_portal(self, path: str, body: object) -> TestResponse:
        headers = self.portal | {"Idempotency-Key": uuid.uuid4().hex}
        return self.client.post(f"/portal/api{path}", json=body, headers=headers)

    def _next_code(self) -> str:
        self.coupons += 1
        return redemption_data.code(self.coupons)

    def _look_up(self) -> Send:
        return partial(self._post_portal, "/lookups", {"code": self._next_code()})

    def _redeem(self) -> Send:
        return partial(self._post_portal, "/redemptions", {"code": self._next_code(), "spend_fen": 5_000})

    def _undo(self) -> Send:
        return partial(self._post_portal, f"/redemptions/{self._redeem()().get_json()['id']}/undo", {})

    def _receipt(self) -> Send:
        receipt = {
            "source": "bench",
            "receipt_no": uuid.uuid4().hex,
            "store_code": "BENCH-0",
            "amount_fen": 12_300,
            "occurred_at": clock.now().isoformat(),
            "phone": self.scene.phone,
        }
        return partial(self._post_signed, "pos", "/open/v1/receipts", receipt)

    def _drive_in(self) -> Send:
        passage = {
            "event_id": uuid.uuid4().hex,
            "car_park_code": requests_data.CAR_PARK,
            "lane": "1",
            "direction": "in",
            "plate": f"沪A{self.scene.next_phone()[-5:]}",
            "occurred_at": clock.now().isoformat(),
        }
        return partial(self._post_signed, "gate", "/open/v1/parking/events", passage)

    def _post_signed(self, machine: str, target: str, message: object) -> TestResponse:
        body = json.dumps(message).encode()
        signed = signing.headers(machine, requests_data.SECRET, Call("POST", target, body), now=clock.now())
        return self.client.post(target, data=body, headers={**signed, "Content-Type": "application/json"})


def _token(page: TestResponse) -> str:
    found = _CSRF.search(page.text)
    if found is None:
        raise Stop(f"a page without its token: {page.status_code} {page.text[:200]}")
    return found.group(1)


def _cookies(answer: TestResponse) -> str:
    return "; ".join(line.partition(";")[0] for line in answer.headers.getlist("Set-Cookie"))
