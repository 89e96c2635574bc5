"""How the system's Chromium is started for a test: no sandbox of its own (root), no talk with the outside."""

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

# How long a page may take to show what a test expects: a busy machine must not make a wrong page of a slow one.
PATIENCE_MS = 20_000
