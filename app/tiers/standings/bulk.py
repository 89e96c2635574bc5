"""Standings by the thousand: growth comes credit by credit, and what moves with it is written in a few statements."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update

from app.kernel import clock
from app.kernel.db import Moment, db, table_of
from app.kernel.fastpath import arrays
from app.kernel.fastpath.copies import copy_in
from app.tiers.growth.bulk import Credit
from app.tiers.growth.models import GrowthEntry
from app.tiers.ladders import ladders
from app.tiers.ladders.ladders import Dated
from app.tiers.standings import standings
from app.tiers.standings.models import TierStanding
from app.tiers.standings.paths import Grown, Path, Stood

_COLUMNS = ("member_id", "tier_code", "began_at", "ends_at", "replaced_at", "why", "counted", "brought")


def follow_all(credits: Sequence[Credit], values: Mapping[int, int], *, asked: Sequence[date] = ()) -> list[str]:
    """Move members, whose accounts are held and had these values, with each of the credits in their order.

    Returns the tier on which each stood at the end of the day beside the credit, as was known before it; nothing for
    no days. Growth is entered elsewhere, after this.
    """
    dated = ladders.list_dated()
    paths = _find_paths(dated, credits, values) if dated else {}
    written = {member_id: len(path.stood) for member_id, path in paths.items()}
    lowest = dated[0].ladder.rungs[0].code if dated else ""
    tiers = []
    for number, one in enumerate(credits):
        path = paths.get(one.member_id)
        if asked:
            tiers.append(lowest if path is None else path.tier_at(clock.end_of_day(asked[number])))
        if path is not None:
            path.credit(one.growth, one.at)
    _write({member_id: (path, written[member_id]) for member_id, path in paths.items()})
    return tiers


def _find_paths(dated: Sequence[Dated], credits: Sequence[Credit], values: Mapping[int, int]) -> dict[int, Path]:
    """The paths so far of those whom the credits may move: who stands somewhere, or will have enough for a tier."""
    least = min((rung.threshold for one in dated for rung in one.ladder.rungs[1:]), default=0)
    grown = dict(values)
    for one in credits:
        grown[one.member_id] = grown.get(one.member_id, 0) + one.growth
    stood = _list_stood(grown)
    moving = sorted(member_id for member_id, value in grown.items() if value >= least or member_id in stood)
    entries = _list_grown(moving)
    return {
        member_id: Path(dated, stood.get(member_id, []), entries.get(member_id, []), values.get(member_id, 0))
        for member_id in moving
    }


def _list_stood(member_ids: Collection[int]) -> dict[int, list[Stood]]:
    ids = bindparam("ids", sorted(member_ids), type_=ARRAY(BigInteger()))
    rows = select(TierStanding).where(TierStanding.member_id == func.any(ids)).order_by(TierStanding.id)
    found: dict[int, list[Stood]] = {}
    for row in db.session.scalars(rows.execution_options(populate_existing=True)):
        found.setdefault(row.member_id, []).append(Stood(standings.to_held(row), row.replaced_at))
    return found


def _list_grown(member_ids: Sequence[int]) -> dict[int, list[Grown]]:
    if not member_ids:
        return {}
    one, ids = GrowthEntry, bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))
    rows = select(one.member_id, one.occurred_at, func.coalesce(one.counting, one.growth))
    found: dict[int, list[Grown]] = {}
    for member_id, *grown in db.session.execute(
        rows.where(one.member_id == func.any(ids)).order_by(one.occurred_at, one.id)
    ):
        found.setdefault(member_id, []).append(Grown(*grown))
    return found


def _write(paths: Mapping[int, tuple[Path, int]]) -> None:
    """What has followed the standings of which there are rows, and when those were replaced."""
    moved = {member_id: path.stood[written:] for member_id, (path, written) in paths.items()}
    replaced = {
        member_id: path.stood[written - 1].replaced_at
        for member_id, (path, written) in paths.items()
        if moved[member_id] and written
    }
    _replace({member_id: at for member_id, at in replaced.items() if at is not None})
    copy_in(TierStanding, _COLUMNS, [_row(member_id, one) for member_id, new in moved.items() for one in new])


def _replace(at: Mapping[int, datetime]) -> None:
    if not at:
        return
    kinds: arrays.Kinds = {"member_id": BigInteger(), "at": Moment()}
    given = arrays.table_of_rows("given", kinds)
    row = table_of(TierStanding)
    db.session.execute(
        update(row)
        .where(row.c.member_id == given.c.member_id, row.c.replaced_at.is_(None))
        .values(replaced_at=given.c.at),
        arrays.parameters(kinds, at.items()),
    )


def _row(member_id: int, one: Stood) -> tuple[object, ...]:
    held = one.held
    decided = held.why.value, held.counted, held.brought
    return member_id, held.tier, held.began_at, held.ends_at, one.replaced_at, *decided
