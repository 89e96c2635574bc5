"""How many members of a mall stand on each tier."""

from datetime import datetime

from sqlalchemy import func, select

from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db, table_of
from app.tiers.ladders import ladders
from app.tiers.standings import sql
from app.tiers.standings.models import TierStanding


def count_by_tier(mall_id: int, *, now: datetime) -> dict[str, int]:
    """By code, the lowest first: the joined members who stand there now; all who have no standing are on the lowest."""
    row = table_of(TierStanding)
    dated = ladders.list_dated()
    tier = func.coalesce(sql.tier_code(row.c, dated, at=now), dated[-1].ladder.rungs[0].code)
    standing = (row.c.member_id == Member.id) & row.c.replaced_at.is_(None)
    counted = (
        select(tier, func.count())
        .select_from(table_of(Member).outerjoin(row, standing))
        .where(Member.home_mall_id == mall_id, Member.status == "member")
        .group_by(tier)
    )
    found = dict(db.session.execute(counted).tuples().all())
    return {rung.code: found.get(rung.code, 0) for rung in ladders.in_force(clock.business_date(now)).rungs}
