"""Members who joined by day: what pages count without reading every one."""

from app.identity.models import Member
from app.kernel.day_sums.series import Series

# Members by the mall that is their home, through an entrance or without.
JOINED = Series(
    name="joined",
    origin=Member.__table__,
    mall=Member.home_mall_id,
    key=Member.home_mall_id,
    moment=Member.joined_at,
    wanted=[Member.joined_at.is_not(None)],
)

SERIES = {JOINED.name: JOINED}
