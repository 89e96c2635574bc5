"""`weight`: bytes over the wire of a page that a browser opens for the first time, headers included.

The limit is the page's bar. The scanner's program, which the till loads when its camera is opened, is left out.
"""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from script.benches.support import demo
from script.benches.support.demo import Demo
from script.benches.support.figures import REPEATS, Sample, report, say
from script.setup_steps import browser
from script.supervisor.errors import Stop

KB = 1_000
CONSOLE_BAR, CARD_BAR, JOIN_BAR, TILL_BAR = 150 * KB, 100 * KB, 110 * KB, 60 * KB
QUIET_MS = 2_000  # by then a page that shows what it is for has asked for everything
LATER = "zxing_reader"
# Members look by phone: what is below its window is not asked for, and its fine screen asks for wider pictures.
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3}


def run(arguments: list[str]) -> None:
    """Measures pages of the three faces, each as those see it whose page it is."""
    with demo.running() as stack, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=demo.FLAGS)
        weigh(stack, chromium)
        chromium.close()


def weigh(stack: Demo, chromium: Browser) -> None:
    """Measures the pages of a stack that is up."""
    url, people = stack.url, demo.new_context(chromium)
    page = people.new_page()
    _measure("join", people, f"{url}/h5/#/pages/join/index", JOIN_BAR, shows="input[aria-label]", screen=PHONE)
    demo.join(page, stack)
    _measure("card", people, f"{url}/h5/#/pages/card/index", CARD_BAR, shows=".qr__picture", screen=PHONE)
    demo.sign_in(page, f"{url}/portal", demo.MANAGER)
    _measure("till", people, f"{url}/portal", TILL_BAR, shows="#till")
    demo.sign_in(page, f"{url}/console", demo.ADMINISTRATOR)
    _measure("console-home", people, f"{url}/console/YH", CONSOLE_BAR, shows="main")
    _measure("console-members", people, f"{url}/console/YH/members", CONSOLE_BAR, shows="main")


def _measure(
    name: str, people: BrowserContext, address: str, bar: int, *, shows: str, screen: dict[str, Any] | None = None
) -> None:
    say(f"{name}: {address} ...")
    weights = [Sample(_bytes(people, address, shows, screen or {})) for _ in range(REPEATS)]
    report(f"weight-{name}", weights, [Sample(bar)], unit="bytes")


def _bytes(people: BrowserContext, address: str, shows: str, screen: dict[str, Any]) -> int:
    """What comes over the wire while a browser that has kept nothing but who is signed in opens the page."""
    chromium = people.browser
    if chromium is None:
        raise Stop("the browser is gone")
    fresh = demo.new_context(chromium, storage_state=people.storage_state(), **screen)
    page = fresh.new_page()
    wire = fresh.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    wire.send("Network.enable")
    page.goto(address)
    page.locator(shows).first.wait_for()
    page.wait_for_timeout(QUIET_MS)
    fresh.close()
    return sum(size for one, size in sizes.items() if LATER not in names.get(one, ""))
