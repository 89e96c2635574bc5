"""`lighthouse`: how accessible Lighthouse finds join page, card, till and console, of a hundred; medians of three."""

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

from playwright.sync_api import BrowserContext, Page, sync_playwright

from cli.demo.directory import PASSWORD
from script.benches.support.figures import REPEATS, Sample, report, say
from script.benches.support.servers import ROOT, free_port
from script.setup_steps import browser, node
from script.supervisor.errors import Stop
from script.supervisor.ports import LOOPBACK

PACKAGE = ROOT / "script" / "lighthouse"
INSTALLED = ROOT / "var" / "lighthouse"
UP = "Ctrl-C stops everything"
PATIENCE_SECONDS = 900
WHOLE = 100
# People of the demo mall, and somebody who joins for the bench.
MANAGER, ADMINISTRATOR, NEWCOMER = "13900000011", "13900000001", "13800009527"


@dataclass(frozen=True, slots=True)
class Looked:
    """A running stack and the port on which its browser takes orders."""

    url: str
    sandbox_url: str
    port: int


def run(arguments: list[str]) -> None:
    """Measures the four pages, each as those see it whose page it is."""
    npm = _install()
    with _stack() as (url, sandbox_url), _chromium() as (context, port):
        looked = Looked(url, sandbox_url, port)
        page = context.new_page()
        _measure("join", f"{url}/h5/#/pages/join/index", looked, npm)
        _join(page, looked)
        _measure("card", f"{url}/h5/#/pages/card/index", looked, npm)
        _sign_in(page, f"{url}/portal", MANAGER)
        _measure("till", f"{url}/portal", looked, npm)
        _sign_in(page, f"{url}/console", ADMINISTRATOR)
        _measure("today", f"{url}/console/YH", looked, npm, "--preset=desktop")


def _measure(name: str, address: str, looked: Looked, npm: node.Node, *options: str) -> None:
    say(f"{name}: {address} ...")
    scores = [Sample(_score(address, looked.port, npm, options)) for _ in range(REPEATS)]
    report(f"lighthouse-{name}", scores, [Sample(WHOLE)], unit="of 100")


def _score(address: str, port: int, npm: node.Node, options: tuple[str, ...]) -> float:
    """One look; the browser keeps who is signed in."""
    program = str(INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js")
    asked = [f"--port={port}", "--only-categories=accessibility", "--disable-storage-reset", "--output=json", "--quiet"]
    command = ["node", program, address, *asked, *options]
    done = subprocess.run(command, env=npm.environment, check=False, capture_output=True, text=True, cwd=INSTALLED)
    if done.returncode != 0:
        raise Stop(f"Lighthouse did not look at {address}:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    if found["finalDisplayedUrl"].partition("?")[0] != address:
        raise Stop(f"{address} led on to {found['finalDisplayedUrl']}")
    return float(found["categories"]["accessibility"]["score"]) * WHOLE


def _install() -> node.Node:
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGE / name, INSTALLED / name)
    npm = node.find()
    npm.install("Lighthouse", INSTALLED, log="lighthouse")
    return npm


@contextmanager
def _stack() -> Iterator[tuple[str, str]]:
    """script/run with its demo mall on data of its own: the addresses of product and sandbox."""
    folder, port = Path(tempfile.mkdtemp(prefix="huitou-lighthouse-")), free_port()
    folder.chmod(0o755)
    log = folder / "run.log"
    with log.open("wb") as out:
        command = [str(ROOT / "script" / "run"), "--port", str(port), "--data", str(folder / "data")]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        _wait(process, log)
        yield f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{port + 1}"
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
def _chromium() -> Iterator[tuple[BrowserContext, int]]:
    """A browser that Lighthouse may use, too, and the port for that."""
    port, profile = free_port(), tempfile.mkdtemp(prefix="huitou-lighthouse-browser-")
    flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", f"--remote-debugging-port={port}"]
    try:
        with sync_playwright() as playwright:
            context = playwright.chromium.launch_persistent_context(
                profile, executable_path=browser.find(), args=flags, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
            yield context, port
            context.close()
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def _join(page: Page, looked: Looked) -> None:
    """Somebody joins by SMS on the join page."""
    page.goto(f"{looked.url}/h5/#/pages/join/index")
    page.get_by_label("手机号").fill(NEWCOMER)
    page.locator("uni-button", has_text="获取验证码").click()
    page.locator("uni-button", has_text="秒后重发").wait_for()
    page.get_by_label("短信验证码").fill(_sms_code(looked))
    page.locator("uni-button.submit").click()
    page.get_by_text("欢迎加入").wait_for()


def _sms_code(looked: Looked) -> str:
    with urllib.request.urlopen(f"{looked.sandbox_url}/phone/api/sms?phone={NEWCOMER}") as answer:  # noqa: S310 - ours
        found = re.search(r"\d{6}", json.load(answer)["items"][0]["text"])
    if found is None:
        raise Stop("no code came by SMS")
    return found.group()


def _sign_in(page: Page, portal: str, phone: str) -> None:
    page.goto(f"{portal}/sign-in")
    page.locator("[name=phone]").fill(phone)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.locator("[name=password]").wait_for(state="detached")
    if "/stores" in page.url:
        page.locator("main form button").first.click()
