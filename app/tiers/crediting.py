"""Growth comes or goes, and the member moves on the ladder at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.tiers.growth import bulk
from app.tiers.growth import growth as accounts
from app.tiers.growth.bulk import Credit
from app.tiers.standings import bulk as standings_bulk
from app.tiers.standings import standings


@dataclass(frozen=True, slots=True)
class Credited:
    """The growth value after, and the tier to which it raised the member, if it did."""

    growth_after: int
    risen_to: str | None


def credit(
    member_id: int,
    *,
    growth: int,
    reason: Reason,
    fact: Fact,
    now: datetime,
    counting: int | None = None,
    entered_at: datetime | None = None,
) -> Credited:
    """Add growth (negative takes back) once per fact, and move the member. What is taken stops at zero.

    `counting`: how much of it counts for the period, if not all of it. `entered_at`: what the entry says, if not now.
    """
    at = now if entered_at is None else entered_at
    entered = accounts.enter(member_id, growth=growth, reason=reason, fact=fact, now=at, counting=counting)
    if not entered.change:
        return Credited(entered.growth_after, None)
    return Credited(entered.growth_after, standings.follow(member_id, entered, now=now))


def credit_all(credits: Sequence[Credit], *, now: datetime) -> None:
    """The same for many members in a few statements, each entered at its moment.

    Raises IntegrityError when a fact has an entry already.
    """
    standings_bulk.follow_all(bulk.enter(credits), now=now)
