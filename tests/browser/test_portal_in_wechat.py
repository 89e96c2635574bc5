"""The scan page inside WeChat: its scanner first, then the camera. The bridge is WeChat's side, played here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Shop, open_till
from tests.support import platforms

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.50"

# What WeChat's browser offers to WeChat's page kit: it checks the signature, then answers calls by name.
BRIDGE = """
window.asked = [];
window.WeixinJSBridge = {
  on() {},
  invoke(name, options, answer) {
    window.asked.push([name, options]);
    if (name === "preVerifyJSAPI") answer({ err_msg: "preVerifyJSAPI:VERDICT" });
    if (name === "scanQRCode") answer({ err_msg: "scanQRCode:ok", resultStr: "CODE_128,SCANNED" });
  },
};
"""


@pytest.fixture
def wechat(committed_app: Flask, tmp_path: Path) -> Iterator[None]:
    """Tickets come from the sandbox."""
    url = committed_app.config["SQLALCHEMY_DATABASE_URI"].replace("postgresql+psycopg", "postgresql")
    before = committed_app.extensions["huitou.gateway"]
    with platforms.running(tmp_path / "sandbox", database_url=url) as standing:
        committed_app.extensions["huitou.gateway"] = gateway = standing.gateway()
        yield
        gateway.close()
    committed_app.extensions["huitou.gateway"] = before


def inside_wechat(browser: Browser, *, scanned: str, verdict: str) -> Page:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", user_agent=AGENT)
    context.add_init_script(BRIDGE.replace("SCANNED", scanned).replace("VERDICT", verdict))
    return context.new_page()


def test_wechats_scanner_reads_the_code(browser: Browser, address: str, shop: Shop, wechat: None) -> None:
    till = open_till(inside_wechat(browser, scanned=shop.cash, verdict="ok"), address, shop)
    till.get_by_role("button", name="扫一扫").click()
    expect(till.locator("#stage")).to_contain_text("立减十元")
    [(_, verified)] = [call for call in till.evaluate("asked") if call[0] == "preVerifyJSAPI"]
    assert verified["verifyJsApiList"] == ["scanQRCode"] and len(verified["verifySignature"]) == 40


def test_a_refused_signature_falls_back_to_the_camera(
    browser: Browser,
    address: str,
    shop: Shop,
    wechat: None,
) -> None:
    till = open_till(inside_wechat(browser, scanned=shop.cash, verdict="fail"), address, shop)
    till.get_by_role("button", name="扫一扫").click()
    expect(till.locator("#camera-problem")).to_contain_text("请输入券码")
