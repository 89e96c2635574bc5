"""Takes the pictures of docs/screens anew: `script/screens [FACE ...] [--port N]`."""

import argparse

from playwright.sync_api import sync_playwright

from script.benches.support import demo
from script.benches.support.demo import Demo
from script.photos import console, member, portal, sandbox, together
from script.photos.camera import Studio
from script.setup_steps import browser
from script.supervisor.ports import LOOPBACK

# In this order: the portal shows the month that settlement closes, and the coupons of who joined.
FACES = {
    "sandbox": sandbox.take,
    "member": member.take,
    "console": console.take,
    "settlement": console.take_settlement,
    "portal": portal.take,
}


def main() -> None:
    """Of the demo in a stack of its own, or with --port of one that is up."""
    parser = argparse.ArgumentParser(prog="script/screens", description=__doc__)
    parser.add_argument("faces", nargs="*", metavar="FACE", help=f"of {', '.join(FACES)}; all without")
    parser.add_argument("--port", type=int, help="of a script/run that is up; without, a demo is started for it")
    asked = parser.parse_args()
    if unknown := set(asked.faces) - set(FACES):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if asked.port:
        _take(Demo(f"http://{LOOPBACK}:{asked.port}", f"http://{LOOPBACK}:{asked.port + 1}"), asked.faces)
        return
    with demo.running() as stack:
        _take(stack, asked.faces)


def _take(stack: Demo, faces: list[str]) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=demo.FLAGS)
        for name, take in FACES.items():
            if not faces or name in faces:
                take(Studio(stack, chromium))
        chromium.close()
    together.lay()


main()
