"""What members can be asked for: their growth value and the tier it reaches."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, func, select

from app.identity.asking.fields import Asking, Field, Kind, Unit, by_code
from app.kernel.db import db, table_of
from app.tiers.models import GrowthAccount, Tier

_ACCOUNTS = table_of(GrowthAccount)


def _tier(asking: Asking) -> ColumnElement[str]:
    """The highest rung reached; who has no growth yet stands on the lowest."""
    growth = func.coalesce(asking.row(_ACCOUNTS).growth, 0)
    ladder = db.session.execute(select(Tier.code, Tier.threshold).order_by(Tier.threshold.desc())).tuples()
    return case(*((growth >= threshold, code) for code, threshold in ladder))


def _tier_codes(_: int | None) -> Mapping[str, str]:
    return dict(db.session.execute(select(Tier.code, Tier.name).order_by(Tier.threshold)).tuples().all())


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
