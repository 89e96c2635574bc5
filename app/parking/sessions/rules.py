"""What is due on a stay. Pure; amounts in fen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.parking.car_parks.rules import Tariff, fee

# Two cameras of one entrance report the same car within moments.
SAME_PASSAGE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay up to a moment, what has been settled of its fee before, and the minutes that a tier still gives of it."""

    tariff: Tariff
    entered_at: datetime
    until: datetime
    settled_fen: int = 0
    free_minutes: int = 0

    @property
    def fee_fen(self) -> int:
        return fee(self.tariff, self.entered_at, self.until)

    def due_after(self, minutes: int) -> int:
        """What is still to be paid when coupons give `minutes` beside the tier's: as if the car had left earlier."""
        given = timedelta(minutes=self.free_minutes + minutes)
        return max(0, fee(self.tariff, self.entered_at, self.until - given) - self.settled_fen)

    @property
    def due_fen(self) -> int:
        """What is still to be settled, by whomever."""
        return max(0, self.fee_fen - self.settled_fen)

    @property
    def open_fen(self) -> int:
        """What of it the tier's minutes leave to the member."""
        return self.due_after(0)

    @property
    def free_fen(self) -> int:
        """What the tier's minutes cover."""
        return self.due_fen - self.open_fen


def due_now(stay: Stay, *, exit_by: datetime | None) -> int:
    """What the car owes at the barrier: nothing while the grace after a payment runs, else the difference."""
    if exit_by is not None and stay.until <= exit_by:
        return 0
    return stay.due_fen
