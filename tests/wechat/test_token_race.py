"""Many processes find no token at the same moment: one of them asks the platform."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from wechatpy import WeChatClient

from app.wechat.client.tokens import TokenStore
from tests.support import platforms as sandbox
from tests.support.patience import PATIENCE_S
from tests.support.platforms import Platforms
from tests.support.races import race, winners

CALLERS = 12


@pytest.fixture
def slow_platforms(tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox whose tokens take a moment, so that the callers really meet."""
    with sandbox.running(tmp_path / "sandbox", database_url="postgresql:///unused") as standing:
        standing.fault("latency", "mini", endpoint="/cgi-bin", value="150", times=None)
        yield standing


def test_one_of_many_processes_fetches(slow_platforms: Platforms, committed_app: Flask) -> None:
    gateway = slow_platforms.gateway()
    fetch = gateway.mini.calls.tokens.fetch
    stores = [TokenStore("wechat:race", fetch) for _ in range(CALLERS)]  # memories as separate as processes
    tokens = race(committed_app, [store.current for store in stores])
    gateway.close()
    assert len(winners(tokens)) == CALLERS
    assert len(set(tokens)) == 1
    assert slow_platforms.calls("/cgi-bin/stable_token") == 1


def test_one_of_many_processes_replaces_a_stale_token(slow_platforms: Platforms, committed_app: Flask) -> None:
    gateway = slow_platforms.gateway()
    stores = [TokenStore("wechat:race", gateway.mini.calls.tokens.fetch) for _ in range(CALLERS)]
    stale = stores[0].current()
    slow_platforms.post("/faults", {"kind": "expire_token", "platform": "mini"})
    tokens = race(committed_app, [lambda store=store: store.after(stale) for store in stores])
    gateway.close()
    assert len(set(tokens)) == 1
    assert tokens[0] != stale
    assert slow_platforms.calls("/cgi-bin/stable_token") == 2


class _UnguardedClient(WeChatClient):  # type: ignore[misc]
    """The library's own refresh, which nothing guards."""

    def fetch_access_token(self) -> Any:
        found = self._http.get(self.root + "/cgi-bin/token", params=self.query, timeout=PATIENCE_S).json()
        self.session.set(self.access_token_key, found["access_token"], found["expires_in"])
        self.expires_at = int(time.time()) + found["expires_in"]
        return found


def test_without_the_guard_every_caller_fetches(slow_platforms: Platforms, committed_app: Flask) -> None:
    wechat = slow_platforms.settings.wechat
    client = _UnguardedClient(wechat.mini_appid, wechat.mini_secret)
    client.root = slow_platforms.url
    client.query = {"grant_type": "client_credential", "appid": wechat.mini_appid, "secret": wechat.mini_secret}
    client._http.trust_env = False
    race(committed_app, [lambda: client.access_token] * CALLERS)
    client._http.close()
    assert slow_platforms.calls("/cgi-bin/token") > 1
