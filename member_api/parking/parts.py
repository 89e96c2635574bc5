"""What answers about parking share: ids, and how a fee is made up."""

import re
from typing import Any

from app.kernel import clock
from app.kernel.errors import NotFound
from app.parking.history import Split
from app.tiers.ladders import ladders

_ID = re.compile(r"[0-9a-f]{32}")


def public_id(text: str) -> str:
    """The id of an address; raises NotFound for what is none."""
    if not _ID.fullmatch(text):
        raise NotFound(id=text)
    return text


def tier_name(code: str | None) -> str | None:
    """What a tier is called today."""
    return None if code is None else ladders.list_names(clock.business_date(clock.now())).get(code, "会员等级")


def split(value: Split) -> dict[str, Any]:
    """The parts of what was due."""
    return {
        "tier": tier_name(value.tier_code),
        "tier_minutes": value.tier_minutes,
        "tier_fen": value.tier_fen,
        "coupons": value.coupons,
        "coupons_fen": value.coupons_fen,
        "points": value.points,
        "points_fen": value.points_fen,
        "cash_fen": value.cash_fen,
    }
