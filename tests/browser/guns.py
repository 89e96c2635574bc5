"""Scanner guns: keyboards that shoot a whole code, and what they do to it on the way."""

import time
from typing import Any

from playwright.sync_api import Page

ENTER: dict[str, Any] = {"key": "Enter", "text": "\r"}
TAB: dict[str, Any] = {"key": "Tab", "code": "Tab"}
LINE_FEED: dict[str, Any] = {"key": "j", "code": "KeyJ", "modifiers": 2}


def shoot(till: Page, code: str, *ends: dict[str, Any], pause_s: float = 0.005, swallowed: bool = False) -> None:
    """A scanner gun: keys 5 ms apart wherever the focus is, then Enter, or what else ends its codes.

    Each key bears its time, as those of real keyboards do, so that a busy machine does not make a slow gun of it.
    """
    gun, started = till.context.new_cdp_session(till), time.time()
    keys = [held_by_input_method(one) if swallowed else {"key": one, "text": one} for one in code]
    for number, key in enumerate([*keys, *(ends or (ENTER,))]):
        gun.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": started + number * pause_s, **key})
        gun.send("Input.dispatchKeyEvent", {"type": "keyUp", **{name: key[name] for name in key if name != "text"}})
    gun.detach()


def held_by_input_method(character: str) -> dict[str, Any]:
    """A key that a Chinese input method keeps to itself: only its place on the keyboard is told."""
    return {"key": "Process", "code": f"{'Digit' if character.isdigit() else 'Key'}{character.upper()}"}
