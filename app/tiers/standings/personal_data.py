"""Personal data: where somebody has stood, and what they were to be told of it."""

from typing import Any

from sqlalchemy import Select, select

from app.kernel.personal_data import Ids, Sections
from app.tiers.ladders import ladders
from app.tiers.standings.models import TierNotice, TierStanding


def _standings(ids: Ids) -> Select[Any]:
    one = TierStanding
    return (
        select(
            ladders.naming(one.tier_code).label("tier"),
            one.began_at,
            one.ends_at,
            one.replaced_at,
            one.why,
            one.counted,
            one.brought,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.began_at, one.id)
    )


def _notices(ids: Ids) -> Select[Any]:
    one = TierNotice
    tier, falls_to = ladders.naming(one.tier_code).label("tier"), ladders.naming(one.falls_to).label("falls_to")
    return (
        select(tier, falls_to, one.missing, one.ends_on, one.made_at)
        .where(one.member_id.in_(ids))
        .order_by(one.made_at, one.standing_id)
    )


SECTIONS: Sections = {
    "tier_standings": _standings,
    "tier_notices": _notices,
}
