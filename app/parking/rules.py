"""What a stay costs, and how coupons and points cover it. Pure; amounts in fen, one point is one fen."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from urllib.parse import urlsplit

from app.kernel import money
from app.parking.errors import CouponNotNeeded
from app.parking.models import PaymentStatus

DAY = timedelta(hours=24)
QUOTE_VALID = timedelta(minutes=5)
# How long a payment that waits for cash holds coupons and points.
CASH_PATIENCE = timedelta(minutes=10)
# Two cameras of one entrance report the same car within moments.
SAME_PASSAGE = timedelta(minutes=2)
# A mix of more coupons than this is nobody's wish; the soonest expiring ones are looked at.
MOST_COUPONS = 24
# A name, an IPv4 or an IPv6 address.
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")

TRANSITIONS: Mapping[PaymentStatus, frozenset[PaymentStatus]] = MappingProxyType(
    {
        PaymentStatus.AWAITING_CASH: frozenset({PaymentStatus.PAID, PaymentStatus.RELEASED}),
        PaymentStatus.PAID: frozenset(),
        PaymentStatus.RELEASED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """Free up to `free_minutes`, else `step_fen` per started step from the beginning, capped in each 24 hours."""

    free_minutes: int
    step_minutes: int
    step_fen: int
    daily_cap_fen: int
    exit_grace_minutes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """A coupon's minutes of parking."""

    coupon_id: int
    minutes: int
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Cover:
    """What a coupon's minutes take off the fee."""

    coupon_id: int
    minutes: int
    covers_fen: int


@dataclass(frozen=True, slots=True)
class Mix:
    """How a due amount is paid: coupons, points and cash; their covers sum to it."""

    coupons: tuple[Cover, ...]
    points: int
    cash_fen: int

    @property
    def waived_fen(self) -> int:
        return sum(cover.covers_fen for cover in self.coupons) + self.points


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay up to a moment, and what has been settled of its fee before."""

    tariff: Tariff
    entered_at: datetime
    until: datetime
    settled_fen: int = 0

    @property
    def fee_fen(self) -> int:
        return fee(self.tariff, self.entered_at, self.until)

    def due_after(self, minutes: int) -> int:
        """What is still to be paid when coupons give `minutes`: as if the car had left that much earlier."""
        shortened = fee(self.tariff, self.entered_at, self.until - timedelta(minutes=minutes))
        return max(0, shortened - self.settled_fen)

    @property
    def due_fen(self) -> int:
        return self.due_after(0)


def spell_plate(text: str) -> str:
    """A plate as cameras and people write it, in one spelling: capitals, no separators. Unknown kinds stay as read."""
    return re.sub(r"[\s·.\-]", "", unicodedata.normalize("NFKC", text)).upper()


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


def due_now(stay: Stay, *, exit_by: datetime | None) -> int:
    """What the car owes at the barrier: nothing while the grace after a payment runs, else the difference."""
    if exit_by is not None and stay.until <= exit_by:
        return 0
    return stay.due_fen


def propose(stay: Stay, coupons: Sequence[Hours], available_points: int) -> Mix:
    """The cheapest mix for the member: coupon hours first and as few wasted as possible, then points, then cash."""
    return _mix(stay, _least_wasteful(stay, coupons), points=available_points)


def mix(stay: Stay, coupons: Sequence[Hours], points: int) -> Mix:
    """The mix a member chose: these coupons, at most so many points, the rest in cash.

    Raises CouponNotNeeded rather than take hours that would be wasted.
    """
    _ensure_needed(stay, coupons)
    return _mix(stay, coupons, points=points)


def _mix(stay: Stay, coupons: Sequence[Hours], *, points: int) -> Mix:
    left_fen = stay.due_after(_minutes(coupons))
    used_points = min(points, left_fen)
    return Mix(coupons=_share(stay.due_fen - left_fen, coupons), points=used_points, cash_fen=left_fen - used_points)


def _minutes(coupons: Sequence[Hours]) -> int:
    return sum(coupon.minutes for coupon in coupons)


def _share(covered_fen: int, coupons: Sequence[Hours]) -> tuple[Cover, ...]:
    """What several coupons cover together, shared by their minutes; each at least one fen, so that each has a row."""
    if not coupons:
        return ()
    parts = money.split(covered_fen - len(coupons), [coupon.minutes for coupon in coupons])
    return tuple(Cover(coupon.coupon_id, coupon.minutes, part + 1) for coupon, part in zip(coupons, parts, strict=True))


def _ensure_needed(stay: Stay, coupons: Sequence[Hours]) -> None:
    minutes = _minutes(coupons)
    due_fen = stay.due_after(minutes)
    for coupon in coupons:
        if stay.due_after(minutes - coupon.minutes) == due_fen:
            raise CouponNotNeeded(coupon_id=coupon.coupon_id)
    if coupons and stay.due_fen - due_fen < len(coupons):
        raise CouponNotNeeded(coupon_id=coupons[-1].coupon_id)


def _least_wasteful(stay: Stay, coupons: Sequence[Hours]) -> tuple[Hours, ...]:
    """The coupons that leave the least to pay; among those the fewest minutes, then coupons, then soonest expiring."""
    if stay.due_fen == 0:
        return ()
    ordered = sorted(coupons, key=lambda coupon: (coupon.valid_until, coupon.coupon_id))[:MOST_COUPONS]
    candidates = [
        chosen
        for minutes, chosen in _sums(stay, ordered).items()
        if stay.due_fen - stay.due_after(minutes) >= len(chosen)
    ]
    return min(candidates, key=lambda chosen: (stay.due_after(_minutes(chosen)), _minutes(chosen), _plainness(chosen)))


def _sums(stay: Stay, ordered: Sequence[Hours]) -> dict[int, tuple[Hours, ...]]:
    """For every sum of minutes that can be reached without overshooting twice, the plainest coupons that reach it."""
    reached: dict[int, tuple[Hours, ...]] = {0: ()}
    for coupon in ordered:
        for minutes, chosen in list(reached.items()):
            if stay.due_after(minutes) == 0:
                continue
            candidate = (*chosen, coupon)
            known = reached.get(minutes + coupon.minutes)
            if known is None or _plainness(candidate) < _plainness(known):
                reached[minutes + coupon.minutes] = candidate
    return reached


def _plainness(chosen: tuple[Hours, ...]) -> tuple[int, list[tuple[datetime, int]]]:
    return len(chosen), [(coupon.valid_until, coupon.coupon_id) for coupon in chosen]


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
