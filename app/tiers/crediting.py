"""Growth comes or goes, and the member moves on the ladder at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

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

    `counting`: how much of it counts for the period, if not all of it. `entered_at`: the moment of the entry, if not
    now: it moves the member then, or when what is known since has moved them last.
    """
    at = now if entered_at is None else entered_at
    entered = accounts.enter(member_id, growth=growth, reason=reason, fact=fact, now=at, counting=counting)
    if not entered.change:
        return Credited(entered.growth_after, None)
    moment = now if at == now else standings.moment_of(member_id, at)
    return Credited(entered.growth_after, standings.follow(member_id, entered, now=moment))


def credit_all(credits: Sequence[Credit], *, asked: Sequence[date] = ()) -> list[str]:
    """The same for many members in a few statements, each entered at its moment, in their order.

    Returns the tier of each one's member at the end of the day beside it, as was known before it; nothing for no days.
    Raises IntegrityError when a fact has an entry already.
    """
    values = bulk.lock_accounts({one.member_id for one in credits})
    tiers = standings_bulk.follow_all(credits, values, asked=asked)
    bulk.enter(credits, values)
    return tiers
