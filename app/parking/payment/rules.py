"""How free minutes, coupons and points cover a fee. Pure; in fen, points at the factor that the quote keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from app.kernel import money
from app.parking.payment.errors import CouponNotNeeded
from app.parking.payment.models import PaymentStatus
from app.parking.sessions.rules import Stay
from app.points.worth import rules as worth

QUOTE_VALID = timedelta(minutes=5)
# How long a payment that waits for cash holds coupons and points.
CASH_PATIENCE = timedelta(minutes=10)
# A mix of more coupons than this is nobody's wish; the soonest expiring ones are looked at.
MOST_COUPONS = 24
TRANSITIONS: Mapping[PaymentStatus, frozenset[PaymentStatus]] = MappingProxyType(
    {
        PaymentStatus.AWAITING_CASH: frozenset({PaymentStatus.PAID, PaymentStatus.RELEASED}),
        PaymentStatus.PAID: frozenset(),
        PaymentStatus.RELEASED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class ParkingCoupon:
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
    """How a due amount is paid: coupons, points (covering `points_fen`), cash, and what a tier gives; its sum."""

    coupons: tuple[Cover, ...]
    points: int
    points_fen: int
    cash_fen: int
    free_fen: int = 0

    @property
    def waived_fen(self) -> int:
        return self.free_fen + sum(cover.covers_fen for cover in self.coupons) + self.points_fen


def propose(
    stay: Stay, coupons: Sequence[ParkingCoupon], available_points: int, *, factor_bps: int = worth.ANCHOR_BPS
) -> Mix:
    """The cheapest mix for the member: coupon hours first and as few wasted as possible, then points, then cash."""
    return _mix(stay, _least_wasteful(stay, coupons), points=available_points, factor_bps=factor_bps)


def mix(stay: Stay, coupons: Sequence[ParkingCoupon], points: int, *, factor_bps: int = worth.ANCHOR_BPS) -> Mix:
    """The mix a member chose: these coupons, at most so many points, the rest in cash.

    Raises CouponNotNeeded rather than take hours that would be wasted.
    """
    _ensure_needed(stay, coupons)
    return _mix(stay, coupons, points=points, factor_bps=factor_bps)


def _mix(stay: Stay, coupons: Sequence[ParkingCoupon], *, points: int, factor_bps: int) -> Mix:
    left_fen = stay.due_after(_minutes(coupons))
    used, points_fen = worth.cover(left_fen, points, factor_bps)
    covers = _share(stay.open_fen - left_fen, coupons)
    cash_fen = left_fen - points_fen
    return Mix(coupons=covers, points=used, points_fen=points_fen, cash_fen=cash_fen, free_fen=stay.free_fen)


def _minutes(coupons: Sequence[ParkingCoupon]) -> int:
    return sum(coupon.minutes for coupon in coupons)


def _share(covered_fen: int, coupons: Sequence[ParkingCoupon]) -> tuple[Cover, ...]:
    """What several coupons cover together, shared by their minutes; each at least one fen, so that each has a row."""
    if not coupons:
        return ()
    parts = money.split(covered_fen - len(coupons), [coupon.minutes for coupon in coupons])
    return tuple(Cover(coupon.coupon_id, coupon.minutes, part + 1) for coupon, part in zip(coupons, parts, strict=True))


def _ensure_needed(stay: Stay, coupons: Sequence[ParkingCoupon]) -> None:
    minutes = _minutes(coupons)
    due_fen = stay.due_after(minutes)
    for coupon in coupons:
        if stay.due_after(minutes - coupon.minutes) == due_fen:
            raise CouponNotNeeded(coupon_id=coupon.coupon_id)
    if coupons and stay.open_fen - due_fen < len(coupons):
        raise CouponNotNeeded(coupon_id=coupons[-1].coupon_id)


def _least_wasteful(stay: Stay, coupons: Sequence[ParkingCoupon]) -> tuple[ParkingCoupon, ...]:
    """The coupons that leave the least to pay; among those the fewest minutes, then coupons, then soonest expiring."""
    if stay.open_fen == 0:
        return ()
    ordered = sorted(coupons, key=lambda coupon: (coupon.valid_until, coupon.coupon_id))[:MOST_COUPONS]
    candidates = [
        chosen
        for minutes, chosen in _sums(stay, ordered).items()
        if stay.open_fen - stay.due_after(minutes) >= len(chosen)
    ]
    return min(candidates, key=lambda chosen: (stay.due_after(_minutes(chosen)), _minutes(chosen), _plainness(chosen)))


def _sums(stay: Stay, ordered: Sequence[ParkingCoupon]) -> dict[int, tuple[ParkingCoupon, ...]]:
    """For every sum of minutes that can be reached without overshooting twice, the plainest coupons that reach it."""
    reached: dict[int, tuple[ParkingCoupon, ...]] = {0: ()}
    for coupon in ordered:
        for minutes, chosen in list(reached.items()):
            if stay.due_after(minutes) == 0:
                continue
            candidate = (*chosen, coupon)
            known = reached.get(minutes + coupon.minutes)
            if known is None or _plainness(candidate) < _plainness(known):
                reached[minutes + coupon.minutes] = candidate
    return reached


def _plainness(chosen: tuple[ParkingCoupon, ...]) -> tuple[int, list[tuple[datetime, int]]]:
    return len(chosen), [(coupon.valid_until, coupon.coupon_id) for coupon in chosen]
