"""What tiers give their members in a mall, in the mall's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.db import db
from app.kernel.spelling import names
from app.tiers.ladders import ladders
from app.tiers.perks.errors import PerksTooLong, TierUnknown
from app.tiers.perks.models import TierPerks

MOST_LINES = 8
LONGEST_LINE = 40


@dataclass(frozen=True, slots=True)
class Rung:
    """A tier as a mall's members see it."""

    code: str
    name: str
    threshold: int
    lines: Sequence[str]


def list_ladder(mall_id: int, *, today: date) -> list[Rung]:
    """The tiers of a day from the lowest up, each with what it gives in the mall."""
    said = {
        one.tier_code: one.lines for one in db.session.scalars(select(TierPerks).where(TierPerks.mall_id == mall_id))
    }
    tiers = ladders.in_force(today).rungs
    return [Rung(one.code, one.name, one.threshold, said.get(one.code, [])) for one in tiers]


def set_perks(mall_id: int, tier_code: str, text: str, *, now: datetime) -> list[str] | None:
    """Say what the tier gives in the mall, a line each; no lines for nothing. None when it was said so already.

    Raises TierUnknown, PerksTooLong.
    """
    if tier_code not in ladders.list_names(clock.business_date(now)):
        raise TierUnknown(tier=tier_code)
    lines = [line for line in names.spell_lines(text).split("\n") if line]
    if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
        raise PerksTooLong(lines=MOST_LINES, most=LONGEST_LINE)
    values = {"lines": lines, "changed_at": now}
    changed = db.session.execute(
        insert(TierPerks)
        .values(mall_id=mall_id, tier_code=tier_code, **values)
        .on_conflict_do_update(
            index_elements=["mall_id", "tier_code"], set_=values, where=TierPerks.lines.is_distinct_from(lines)
        )
        .returning(TierPerks.tier_code)
    ).first()
    return lines if changed else None
