"""What answers about parking share: ids, and how a fee is made up."""

import re
from typing import Any

from app.kernel.errors import NotFound
from app.parking.history import Split

_ID = re.compile(r"[0-9a-f]{32}")


def public_id(text: str) -> str:
    """The id of an address; raises NotFound for what is none."""
    if not _ID.fullmatch(text):
        raise NotFound(id=text)
    return text


def split(value: Split) -> dict[str, Any]:
    """The parts of what was due."""
    return {
        "coupons": value.coupons,
        "coupons_fen": value.coupons_fen,
        "points": value.points,
        "points_fen": value.points_fen,
        "cash_fen": value.cash_fen,
    }
