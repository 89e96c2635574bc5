"""What the end of a period does, and whether a rise still stands on what it rose by. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.kernel import clock
from app.tiers.ladders.rules import AtEnd, Ladder
from app.tiers.standings.models import Why


@dataclass(frozen=True, slots=True)
class Held:
    """A standing: on a tier from one moment to another (None: without end), why, and by how much growth.

    `brought` is growth that its period had before it began: it goes on with the period of another.
    """

    tier: str
    began_at: datetime
    ends_at: datetime | None
    why: Why
    counted: int = 0
    brought: int = 0

    @property
    def last_day(self) -> date | None:
        """The last day of its period."""
        return None if self.ends_at is None else clock.business_date(self.ends_at) - timedelta(days=1)

    def is_over(self, at: datetime) -> bool:
        """Whether its period has ended by then."""
        return self.ends_at is not None and self.ends_at <= at


def after_end(held: Held, ladder: Ladder, *, counted: int) -> Held:
    """The standing that follows one whose period has ended, by the growth of that period."""
    if held.ends_at is None:
        raise ValueError("a standing without an end is followed by none")
    tier = _tier_after(held.tier, ladder, counted)
    is_lower = ladder.rank_of(tier) < ladder.rank_of(held.tier)
    return begin(ladder, tier, at=held.ends_at, why=Why.FALLEN if is_lower else Why.KEPT, counted=counted)


def _tier_after(tier: str, ladder: Ladder, counted: int) -> str:
    reached, own = ladder.reached(counted), ladder.rung_of(tier)
    is_kept = ladder.at_end is AtEnd.KEPT or ladder.period_months is None
    if is_kept or reached.threshold >= own.threshold:
        return own.code
    return ladder.higher(reached.code, ladder.below(tier).code) if ladder.at_end is AtEnd.ONE_DOWN else reached.code


def begin(ladder: Ladder, tier: str, *, at: datetime, why: Why, counted: int) -> Held:
    """A standing that begins with a period of its own."""
    return Held(tier, at, ladder.period_end(tier, at), why, counted)
