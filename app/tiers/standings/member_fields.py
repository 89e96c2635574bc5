"""What members can be asked for: their growth value and the tier they stand on."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func

from app.identity.asking.fields import Asking, Field, Kind, Rows, Unit, by_code
from app.kernel import clock
from app.kernel.db import table_of
from app.tiers.growth.models import GrowthAccount
from app.tiers.ladders import ladders
from app.tiers.standings import sql
from app.tiers.standings.models import TierStanding

_ACCOUNTS = table_of(GrowthAccount)
_STANDINGS = table_of(TierStanding).alias("standing")
_CURRENT = Rows(name="standings", table=_STANDINGS, member_id=_STANDINGS.c.member_id)


def _tier(asking: Asking) -> ColumnElement[str]:
    """Who has no standing yet is on the lowest rung."""
    dated = ladders.list_dated()
    tier = func.max(sql.tier_code(_STANDINGS, dated, at=asking.now))
    return func.coalesce(asking.over(_CURRENT, tier, _STANDINGS.c.replaced_at.is_(None)), dated[0].ladder.rungs[0].code)


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
