"""A mall's accent as a style sheet: `/theme/0f766e.css` sets the variables of our style sheets.

The colour is in the address, so the answer never changes and needs neither sign-in nor an inline style.
"""

import re

from flask import Blueprint, Response, abort

from app.malls.colours import READABLE, Colour, contrast
from app.web.pages import built

blueprint = Blueprint("theme", __name__)

_HEX = re.compile(r"[0-9a-f]{6}")
_WHITE = (255, 255, 255)
_INK = (17, 24, 39)
_BLACK = (0, 0, 0)  # with white, one of the two is readable on every colour


@blueprint.get("/theme/<colour>.css")
def style_sheet(colour: str) -> Response:
    """The variables of one accent, for ever."""
    if not _HEX.fullmatch(colour):
        abort(404)
    response = Response(css(colour), mimetype="text/css")
    response.headers["Cache-Control"] = built.FOR_EVER
    return response


def css(colour: str) -> str:
    """`--accent` as chosen, `--accent-text` readable on white, `--accent-ink` readable on the accent, and tints."""
    accent = _parse(colour)
    ink = next(tone for tone in (_WHITE, _INK, _BLACK) if contrast(tone, accent) >= READABLE)
    rows = {
        "--accent": accent,
        "--accent-ink": ink,
        "--accent-text": _readable_on_white(accent),
        "--accent-deep": _mix(accent, _INK, 22),
        "--accent-tint": _mix(accent, _WHITE, 90),
        "--accent-line": _mix(accent, _WHITE, 72),
    }
    return ":root{" + ";".join(f"{name}:{_hex(value)}" for name, value in rows.items()) + "}\n"


def _readable_on_white(colour: Colour) -> Colour:
    steps = (_mix(colour, _INK, percent) for percent in range(0, 100, 5))
    return next((step for step in steps if contrast(step, _WHITE) >= READABLE), _INK)


def _mix(colour: Colour, other: Colour, percent: int) -> Colour:
    red, green, blue = ((a * (100 - percent) + b * percent + 50) // 100 for a, b in zip(colour, other, strict=True))
    return red, green, blue


def _parse(colour: str) -> Colour:
    return int(colour[0:2], 16), int(colour[2:4], 16), int(colour[4:6], 16)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
