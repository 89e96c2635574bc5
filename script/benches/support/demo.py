"""The demo mall in a stack of its own, a browser, and people in it: for benches that look at pages."""

import json
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cli.demo.directory import PASSWORD
from script.benches.support.servers import ROOT, free_port
from script.setup_steps import browser
from script.supervisor.errors import Stop
from script.supervisor.ports import LOOPBACK

UP = "Ctrl-C stops everything"
PATIENCE_SECONDS = 900
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
PLACE: dict[str, Any] = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
# People of the demo mall, and somebody who joins for the bench.
MANAGER, ADMINISTRATOR, NEWCOMER = "13900000011", "13900000001", "13800009527"


@dataclass(frozen=True, slots=True)
class Demo:
    """Where the product and its sandbox answer."""

    url: str
    sandbox_url: str


@contextmanager
def running() -> Iterator[Demo]:
    """script/run with its demo mall on data of its own."""
    folder, port = Path(tempfile.mkdtemp(prefix="huitou-demo-")), free_port()
    folder.chmod(0o755)
    log = folder / "run.log"
    with log.open("wb") as out:
        command = [str(ROOT / "script" / "run"), "--port", str(port), "--data", str(folder / "data")]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _wait(process, log)
        yield Demo(f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{port + 1}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while UP not in (said := log.read_text(encoding="utf-8", errors="replace")):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Stop(f"script/run did not come up:\n{said[-2000:]}")
        pause.wait(0.2)


@contextmanager
def chromium() -> Iterator[tuple[BrowserContext, int]]:
    """A browser, and the port on which others may use it, too."""
    port, profile = free_port(), tempfile.mkdtemp(prefix="huitou-browser-")
    flags = [*FLAGS, f"--remote-debugging-port={port}"]
    try:
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                profile, executable_path=browser.find(), args=flags, **PLACE
            )
            yield context, port
            context.close()
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def new_context(chromium: Browser, **more: Any) -> BrowserContext:
    """A browser of somebody in the mall's city who has kept nothing."""
    return chromium.new_context(**PLACE, **more)


def join(page: Page, demo: Demo) -> None:
    """Somebody joins by SMS on the join page."""
    page.goto(f"{demo.url}/h5/#/pages/join/index")
    page.locator("input[aria-label='手机号']").fill(NEWCOMER)
    page.locator("uni-button", has_text="获取验证码").click()
    page.locator("uni-button", has_text="秒后重发").wait_for()
    page.locator("input[aria-label='短信验证码']").fill(_sms_code(demo))
    page.locator("uni-button.submit").click()
    page.get_by_text("欢迎加入").wait_for()


def _sms_code(demo: Demo) -> str:
    with urllib.request.urlopen(f"{demo.sandbox_url}/phone/api/sms?phone={NEWCOMER}") as answer:  # noqa: S310 - ours
        found = re.search(r"\d{6}", json.load(answer)["items"][0]["text"])
    if found is None:
        raise Stop("no code came by SMS")
    return found.group()


def sign_in(page: Page, portal: str, phone: str) -> None:
    """Somebody of the demo's staff signs in to one of the portals, in their first store."""
    page.goto(f"{portal}/sign-in")
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("[name=password]").wait_for(state="detached")
    if "/stores" in page.url:
        page.locator("main form button").first.click()
