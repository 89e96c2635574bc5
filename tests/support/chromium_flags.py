"""How the system's Chromium is started for a test: no sandbox of its own (root), no talk with the outside."""

from tests.support.patience import PATIENCE_S

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# In the unit of playwright.
PATIENCE_MS = PATIENCE_S * 1000
