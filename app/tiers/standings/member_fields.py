"""What members can be asked for: their growth value and the tier they stand on."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select

from app.identity.asking.fields import Asking, Field, Kind, Unit, by_code
from app.kernel import clock
from app.kernel.db import table_of
from app.tiers.growth.models import GrowthAccount
from app.tiers.ladders import ladders
from app.tiers.standings import sql
from app.tiers.standings.models import TierStanding

_ACCOUNTS = table_of(GrowthAccount)
# A member has one at most; where somebody was found to be another, what that brought stands in a row of their own.
_CURRENT = select(table_of(TierStanding)).where(TierStanding.replaced_at.is_(None)).subquery("standing")


def _tier(asking: Asking) -> ColumnElement[str]:
    """Who has no standing yet is on the lowest rung."""
    dated = ladders.list_dated()
    tier = sql.tier_code(asking.row(_CURRENT), dated, at=asking.now)
    return func.coalesce(tier, dated[0].ladder.rungs[0].code)


def _tier_codes(_: int | None) -> Mapping[str, str]:
    return ladders.list_names(clock.business_date(clock.now()))


FIELDS = by_code(
    Field(code="tier", kind=Kind.CHOICE, subject="membership", value=_tier, codes=_tier_codes, is_plain=True),
    Field(
        code="growth",
        kind=Kind.NUMBER,
        unit=Unit.POINTS,
        subject="membership",
        value=lambda asking: asking.row(_ACCOUNTS).growth,
        is_plain=True,
    ),
)
