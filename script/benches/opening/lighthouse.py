"""`lighthouse`: how accessible Lighthouse finds join page, card, till and console, of a hundred; medians of three."""

import json
import shutil
import subprocess

from script.benches.support import demo
from script.benches.support.figures import REPEATS, Sample, report, say
from script.benches.support.servers import ROOT
from script.setup_steps import node
from script.supervisor.errors import Stop

PACKAGE = ROOT / "script" / "lighthouse"
INSTALLED = ROOT / "var" / "lighthouse"
WHOLE = 100


def run(arguments: list[str]) -> None:
    """Measures the four pages, each as those see it whose page it is."""
    npm = _install()
    with demo.running() as stack, demo.chromium() as (context, port):
        url, page = stack.url, context.new_page()
        _measure("join", f"{url}/h5/#/pages/join/index", port, npm)
        demo.join(page, stack)
        _measure("card", f"{url}/h5/#/pages/card/index", port, npm)
        demo.sign_in(page, f"{url}/portal", demo.MANAGER)
        _measure("till", f"{url}/portal", port, npm)
        demo.sign_in(page, f"{url}/console", demo.ADMINISTRATOR)
        _measure("today", f"{url}/console/YH", port, npm, "--preset=desktop")


def _measure(name: str, address: str, port: int, npm: node.Node, *options: str) -> None:
    say(f"{name}: {address} ...")
    scores = [Sample(_score(address, port, npm, options)) for _ in range(REPEATS)]
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
