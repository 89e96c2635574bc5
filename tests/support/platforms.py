"""The sandbox, live on loopback inside the test's process, with the keys of the run; and what tests ask of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import requests
from wechatpayv3 import core as wechatpay

from app.kernel.settings import Settings
from app.providers.sms import SmsProvider
from app.wechat.client.transport import Timeouts
from app.wechat.gateway import Gateway
from sandbox.app import create_app, world_of
from sandbox.kit.settings import from_env
from sandbox.kit.world import World
from sandbox.server import Server
from script.supervisor import devenv, ports
from tests.support import run
from tests.support.patience import PATIENCE_S

CLOSED_PORT = run.CLOSED_PORT
# Proving that an RSA key is sound takes a tenth of a second, and the library does so for each gateway of a test.
wechatpay.load_private_key = cache(wechatpay.load_private_key)

# Tests of a silent platform bring an impatience of their own.
PATIENT = Timeouts(connect_s=PATIENCE_S, read_s=PATIENCE_S, pause_s=0.01)


@dataclass(frozen=True, slots=True)
class Platforms:
    """A running sandbox: where it answers, what it holds, and the product's settings that point at it."""

    url: str
    world: World
    settings: Settings

    def gateway(self) -> Gateway:
        """The product's way to this sandbox; its caller closes it."""
        return Gateway.from_settings(self.settings, timeouts=PATIENT)

    def sms(self) -> SmsProvider:
        """The product's way to this sandbox's SMS provider."""
        return SmsProvider.from_settings(self.settings.sms, timeout_s=PATIENCE_S)

    def person(self, number: int = 1) -> dict[str, Any]:
        """One of the demo people: id, name, phone, openid, oa_openid, unionid, external_userid."""
        items: list[dict[str, Any]] = self.get("/phone/api/people")["items"]
        return items[number - 1]

    def get(self, path: str) -> dict[str, Any]:
        """What the sandbox answers to a page's or a test's question."""
        return self._asked("GET", path, None)

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Does something on the sandbox phone or desk."""
        return self._asked("POST", path, body or {})

    def delete(self, path: str) -> None:
        self._asked("DELETE", path, None)

    def fault(self, kind: str, platform: str, *, endpoint: str = "*", value: str = "", times: int | None = 1) -> None:
        """Switches trouble on for the next calls."""
        self.post("/faults", {"kind": kind, "platform": platform, "endpoint": endpoint, "value": value, "times": times})

    def calls(self, path: str) -> int:
        """How often the product has called a path."""
        return sum(entry["path"] == path and entry["way"] == "in" for entry in self.world.log.listed(1000))

    def _asked(self, method: str, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        with requests.Session() as session:
            session.trust_env = False
            headers = {"Accept": "application/json"}
            answer = session.request(method, self.url + path, json=body, headers=headers, timeout=PATIENCE_S)
        answer.raise_for_status()
        return dict(answer.json()) if answer.content else {}


@contextmanager
def running(data: Path, *, database_url: str, product_port: int = CLOSED_PORT, **more: str) -> Iterator[Platforms]:
    """A sandbox with a store of its own, calling back to the product's port; `more` joins its environment."""
    port = free_port()
    environment = {
        **run.environment(database_url),
        **devenv.addresses(product_port, port),
        "SANDBOX_DATA": str(data),
        "SANDBOX_WECOM_RETRY_SECONDS": "0.05",
        "SANDBOX_PAY_RETRY_SCALE": "0.002",
        **more,
    }
    sandbox_settings = from_env(environment)
    app = create_app(sandbox_settings)
    server = Server(app, port)
    server.bind()
    thread = threading.Thread(target=server.serve, name="sandbox")
    thread.start()
    try:
        yield Platforms(sandbox_settings.base_url, world_of(app), Settings.from_environment(environment))
    finally:
        server.stop()
        thread.join(PATIENCE_S)
        world_of(app).store.close()


def free_port() -> int:
    """A port nobody listens on, nor on the next one."""
    return ports.find_free()
