"""What members can be asked for: the points they can spend."""

from sqlalchemy import BigInteger, ColumnElement, cast, func

from app.identity.asking.fields import Asking, Field, Kind, Rows, Unit, by_code
from app.kernel import clock
from app.kernel.db import table_of
from app.points.ledger.models import PointsAccount, PointsLot

_ACCOUNTS, _LOTS = table_of(PointsAccount), table_of(PointsLot)
_OPEN_LOTS = Rows(name="open_lots", table=_LOTS, member_id=_LOTS.c.member_id)


def _available(asking: Asking) -> ColumnElement[int]:
    """The balance without what ran out and is not written off yet."""
    today = clock.business_date(asking.now)
    ran_out = asking.over(
        _OPEN_LOTS, func.sum(_LOTS.c.remaining_points), _LOTS.c.remaining_points > 0, _LOTS.c.expires_on < today
    )
    return asking.row(_ACCOUNTS).available_points - func.coalesce(cast(ran_out, BigInteger), 0)


FIELDS = by_code(
    Field(code="points", kind=Kind.NUMBER, unit=Unit.POINTS, subject="membership", value=_available, is_plain=True),
)
