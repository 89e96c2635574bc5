"""The signature that lets the scan page use WeChat's scanner."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.merchant_portal.conftest import Portal
from tests.support import platforms
from tests.support.platforms import Platforms

ADDRESS = "/portal/api/wechat-signature"
PAGE = "http://localhost/portal?x=1"


@pytest.fixture
def wechat(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Platforms]:
    """WeChat as the sandbox plays it."""
    before = app.extensions["huitou.gateway"]
    with platforms.running(tmp_path / "sandbox", database_url=database_url) as standing:
        app.extensions["huitou.gateway"] = gateway = standing.gateway()
        yield standing
        gateway.close()
    app.extensions["huitou.gateway"] = before


def test_the_page_is_signed_with_the_ticket_of_the_official_account(
    app: Flask, clerk: Portal, wechat: Platforms
) -> None:
    config = clerk.client.get(ADDRESS, query_string={"page": PAGE}).json
    ticket = app.extensions["huitou.gateway"].official.tickets.current()
    text = f"jsapi_ticket={ticket}&noncestr={config['nonceStr']}&timestamp={config['timestamp']}&url={PAGE}"
    assert config["signature"] == hashlib.sha1(text.encode()).hexdigest()
    assert config["appId"] == wechat.settings.wechat.oa_appid


@pytest.mark.parametrize(
    "page",
    [
        "",
        "https://evil.example/portal",
        "http://localhost/console",
        "//localhost.evil/portal",
        "http://[",
        "http://localhost/portalx",
    ],
)
def test_no_other_page_is_signed(clerk: Portal, page: str) -> None:
    answer = clerk.client.get(ADDRESS, query_string={"page": page})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "forbidden")


def test_wechat_being_away_is_said_as_such(clerk: Portal) -> None:
    answer = clerk.client.get(ADDRESS, query_string={"page": PAGE})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "platform_unavailable")
