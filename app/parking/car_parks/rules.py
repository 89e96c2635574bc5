"""What a stay costs by a tariff, and which addresses a gate may have. Pure; amounts in fen."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

DAY = timedelta(hours=24)
# A name, an IPv4 or an IPv6 address.
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Free up to `free_minutes`, else `step_fen` per started step from the beginning, capped in each 24 hours."""

    free_minutes: int
    step_minutes: int
    step_fen: int
    daily_cap_fen: int
    exit_grace_minutes: int


def fee(tariff: Tariff, entered_at: datetime, left_at: datetime) -> int:
    """The whole fee of a stay. Never falls when the stay gets longer; a stay that ends before it begins costs 0."""
    stay = left_at - entered_at
    if stay <= timedelta(minutes=tariff.free_minutes):
        return 0
    days, rest = divmod(stay, DAY)
    return days * _within_a_day(tariff, DAY) + _within_a_day(tariff, rest)


def _within_a_day(tariff: Tariff, stay: timedelta) -> int:
    started_steps = -(-stay // timedelta(minutes=tariff.step_minutes))
    return min(tariff.daily_cap_fen, started_steps * tariff.step_fen)


def is_gate_url(url: str, *, https_only: bool) -> bool:
    """Whether messages to a gate can go there: a plain address, to which a path can be added, without credentials."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    schemes = ("https",) if https_only else ("https", "http")
    host = parts.hostname or ""
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(" \\@?#")
    return is_plain and parts.scheme in schemes and _HOST.fullmatch(host) is not None and port != 0
