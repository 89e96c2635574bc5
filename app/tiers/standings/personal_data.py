"""Personal data: where somebody has stood, and what they were to be told of it."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, select

from app.kernel.personal_data import Ids, Sections
from app.tiers.ladders import ladders
from app.tiers.standings.models import TierNotice, TierStanding


def _standings(ids: Ids) -> Select[Any]:
    one = TierStanding
    return (
        select(_name(one.tier_code).label("tier"), one.began_at, one.ends_at, one.replaced_at, one.why, one.counted)
        .where(one.member_id.in_(ids))
        .order_by(one.began_at, one.id)
    )


def _notices(ids: Ids) -> Select[Any]:
    one = TierNotice
    tier, falls_to = _name(one.tier_code).label("tier"), _name(one.falls_to).label("falls_to")
    return (
        select(tier, falls_to, one.missing, one.ends_on, one.made_at)
        .where(one.member_id.in_(ids))
        .order_by(one.made_at, one.standing_id)
    )


def _name(code: Any) -> ColumnElement[str]:
    """What a tier is called, by the latest ladder."""
    latest = ladders.list_dated()[:1]
    names = {rung.code: rung.name for one in latest for rung in one.ladder.rungs}
    return case(names, value=code, else_=code) if names else code


SECTIONS: Sections = {
    "tier_standings": _standings,
    "tier_notices": _notices,
}
