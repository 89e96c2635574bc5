"""Counting how complete profiles are once a day, and reading it: the count reads every profile, a page a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.identity.profiles import queries
from app.identity.profiles.rules import COMPLETE_BPS, Field
from app.insights.profiles.models import ProfileDay
from app.kernel.db import db, take_long
from app.kernel.money import Share


@dataclass(frozen=True, slots=True)
class Standing:
    """A day's figures; shares are of nothing without members."""

    row: ProfileDay

    @property
    def average(self) -> Share | None:
        """How complete a profile is on average."""
        return Share.of(self.row.sum_bps, self.row.members * COMPLETE_BPS)

    @property
    def complete(self) -> Share | None:
        """The share of members who told everything."""
        return Share.of(self.row.complete, self.row.members)

    @property
    def told(self) -> Mapping[Field, Share | None]:
        """The share of members who told each field."""
        return {field: Share.of(getattr(self.row, field.value), self.row.members) for field in Field}


def list_uncounted(mall_ids: Sequence[int], *, day: date) -> list[int]:
    """Malls that have no row of the day."""
    counted = set(db.session.scalars(select(ProfileDay.mall_id).where(ProfileDay.day == day)))
    return [mall_id for mall_id in mall_ids if mall_id not in counted]


def count(mall_id: int, *, day: date, now: datetime) -> None:
    """Count a mall's profiles as they are now and keep it as the day's; whoever comes second replaces it."""
    take_long()
    found = queries.count_told(mall_id)
    told = {field.value: found.told[field] for field in Field}
    row = {"members": found.members, "complete": found.complete, "sum_bps": found.sum_bps, "counted_at": now, **told}
    new = insert(ProfileDay).values(mall_id=mall_id, day=day, **row)
    db.session.execute(new.on_conflict_do_update(index_elements=["mall_id", "day"], set_=row))


def list_days(mall_id: int, *, first: date, last: date) -> list[Standing]:
    """The days that were counted, in order."""
    one = ProfileDay
    rows = select(one).where(one.mall_id == mall_id, one.day.between(first, last)).order_by(one.day)
    return [Standing(row) for row in db.session.scalars(rows)]
