"""Scanner guns: keyboards that shoot a whole code, and what they do to it on the way."""

import time
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

ENTER: dict[str, Any] = {"key": "Enter", "text": "\r"}
TAB: dict[str, Any] = {"key": "Tab", "code": "Tab"}
LINE_FEED: dict[str, Any] = {"key": "j", "code": "KeyJ", "modifiers": 2}


def shoot(till: Page, code: str, *ends: dict[str, Any], pause_s: float = 0.005, swallowed: bool = False) -> None:
    """A scanner gun: keys 5 ms apart wherever the focus is, then Enter, or what else ends its codes.

    Each key bears its time, as those of real keyboards do, so that a busy machine does not make a slow gun of it. The
    last one is pressed now: no key comes before its time.
    """
    keys = [held_by_input_method(one) if swallowed else {"key": one, "text": one} for one in code]
    keys += ends or (ENTER,)
    _shoot(till, keys, pause_s)


def shoot_without_ending(till: Page, code: str, *, pause_s: float = 0.005) -> None:
    """A gun that sends the code and nothing behind it; or, with longer pauses, a person who types it."""
    _shoot(till, [{"key": one, "text": one} for one in code], pause_s)


def _shoot(till: Page, keys: Sequence[dict[str, Any]], pause_s: float) -> None:
    lasts_s = pause_s * len(keys)
    till.wait_for_function("ms => performance.now() > ms", arg=1_000 * lasts_s)  # no key is older than its page
    started = time.time() - lasts_s
    press(till, [(key, started + number * pause_s) for number, key in enumerate(keys, start=1)])


def press(till: Page, keys: Sequence[tuple[dict[str, Any], float]]) -> None:
    """Keys that were pressed at those moments, however late the browser hears of them."""
    keyboard = till.context.new_cdp_session(till)
    for key, moment in keys:
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", "timestamp": moment, **key})
        keyboard.send(
            "Input.dispatchKeyEvent", {"type": "keyUp", **{name: key[name] for name in key if name != "text"}}
        )
    keyboard.detach()


def held_by_input_method(character: str) -> dict[str, Any]:
    """A key that a Chinese input method keeps to itself: only its place on the keyboard is told."""
    return {"key": "Process", "code": f"{'Digit' if character.isdigit() else 'Key'}{character.upper()}"}
