"""On which tier members stood at the end of a day."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ARRAY, BigInteger, DateTime, bindparam, column, func, select

from app.kernel import clock
from app.kernel.db import db
from app.tiers.models import GrowthEntry, Tier


def tier_codes_at(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """The tier of each member at the end of the day beside them, by what was credited until then."""
    ladder = db.session.execute(select(Tier.threshold, Tier.code).order_by(Tier.threshold)).tuples().all()
    growth = _growth_at(wanted)
    return {one: [code for threshold, code in ladder if threshold <= growth.get(one, 0)][-1] for one in wanted}


def _growth_at(wanted: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    ends = {(member_id, clock.end_of_day(day)): (member_id, day) for member_id, day in wanted}
    asked = (
        func.unnest(
            bindparam("members", [one for one, _ in ends], type_=ARRAY(BigInteger())),
            bindparam("ends", [end for _, end in ends], type_=ARRAY(DateTime(timezone=True))),
        )
        .table_valued(column("member_id", BigInteger()), column("ends_at", DateTime(timezone=True)), name="asked")
        .render_derived()
    )
    rows = db.session.execute(
        select(asked.c.member_id, asked.c.ends_at, func.sum(GrowthEntry.growth))
        .join(GrowthEntry, GrowthEntry.member_id == asked.c.member_id)
        .where(GrowthEntry.occurred_at < asked.c.ends_at)
        .group_by(asked.c.member_id, asked.c.ends_at)
    )
    return {ends[(member_id, ends_at)]: growth for member_id, ends_at, growth in rows}
