"""Integer money: fen, basis points, shares, and the only two ways to round and to share."""

from collections.abc import Sequence
from dataclasses import dataclass

BPS = 10_000


def share_of(amount: int, rate_bps: int) -> int:
    """`amount * rate_bps / 10000`, rounded half away from zero to a whole unit."""
    return divide(amount * rate_bps, BPS)


def divide(dividend: int, divisor: int) -> int:
    """Whole-number quotient, rounded half away from zero; the divisor is positive."""
    if divisor <= 0:
        raise ValueError("divisor must be positive")
    sign = -1 if dividend < 0 else 1
    return sign * ((2 * abs(dividend) + divisor) // (2 * divisor))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole (> 0), exactly: however finely it is shown or compared, it is rounded once."""

    part: int
    whole: int

    @classmethod
    def of(cls, part: int, whole: int | None) -> "Share | None":
        """The share; None of nothing."""
        return cls(part, whole) if whole else None

    @property
    def bps(self) -> int:
        """In basis points."""
        return divide(self.part * BPS, self.whole)

    @property
    def permille(self) -> int:
        """In thousandths."""
        return divide(self.part * 1_000, self.whole)

    @property
    def per_cent(self) -> int:
        """In hundredths."""
        return divide(self.part * 100, self.whole)

    def reaches(self, bps: int) -> bool:
        """Whether it is no less than so many basis points, before any rounding."""
        return self.part * BPS >= bps * self.whole


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Share an amount by weights so that the parts sum to it exactly (largest remainder, then first)."""
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if amount < 0 else 1
    floors = [abs(amount) * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(abs(amount) * weights[i] % total), i))
    for index in by_remainder[: abs(amount) - sum(floors)]:
        floors[index] += 1
    parts = [sign * part for part in floors]
    if sum(parts) != amount:
        raise AssertionError("parts must sum to the whole")
    return parts


def yuan_text(amount_fen: int) -> str:
    """Fen as yuan with two decimals and thousands separators: `-1,234.50`."""
    whole, rest = divmod(abs(amount_fen), 100)
    return f"{'-' if amount_fen < 0 else ''}{whole:,}.{rest:02d}"
