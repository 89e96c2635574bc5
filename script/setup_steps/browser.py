"""Chromium and a Chinese font for the browser tests: the system's, installed only when we may."""

import os
import shutil
import subprocess
from pathlib import Path

from script.setup_steps import progress, stamps
from script.supervisor.errors import Stop

# The same engine without windows: a page costs it a third of the work.
WINDOWLESS = "chromium-headless-shell"
NAMES = (WINDOWLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FONTS = "fonts-noto-cjk"
PACKAGES = ("chromium", FONTS)


def find() -> str | None:
    """The browser to test with: HUITOU_CHROMIUM, else the quickest one the system has."""
    candidates = [os.environ.get("HUITOU_CHROMIUM"), *(shutil.which(name) for name in NAMES), str(MAC)]
    return next((path for path in candidates if path and Path(path).exists()), None)


def missing() -> str | None:
    """Why browser tests cannot run on this machine, with what to do; None when they can."""
    if find() is None:
        what = "no Chromium was found"
    elif not _has_chinese_font():
        what = "no Chinese font was found"
    else:
        return None
    return f"{what} (Debian or Ubuntu: sudo apt-get install {' '.join(PACKAGES)})"


def install_when_possible() -> None:
    """As root on Debian or Ubuntu installs what is missing; elsewhere does nothing. A failure is told, not fatal.

    The browser without windows is asked for once: not every system has it, and any other will do.
    """
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    if not stamps.is_current("browser", WINDOWLESS) and shutil.which(WINDOWLESS) is None:
        _install(apt, WINDOWLESS, FONTS)
    stamps.keep("browser", WINDOWLESS)
    if missing() is not None:
        _install(apt, *PACKAGES)


def _install(apt: str, *packages: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = f"{apt} update && {apt} install -y --no-install-recommends {' '.join(packages)}"
    try:
        step = progress.Step("A browser and a Chinese font")
        progress.run(step, ["sh", "-c", command], environment=environment, log="browser")
    except Stop as reason:
        print(f"{reason}\nGoing on without {packages[0]}.")


def _has_chinese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:  # macOS has one, and no fontconfig
        return MAC.exists()
    done = subprocess.run([lister, ":lang=zh", "family"], check=False, capture_output=True, text=True)
    return bool(done.stdout.strip())
