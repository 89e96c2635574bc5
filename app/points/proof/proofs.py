"""Proving points: read at one moment, kept as the night's, told to people where something differs."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.cases import cases
from app.cases import queries as case_queries
from app.identity.models import Member
from app.kernel.db import db, take_long
from app.malls import queries as malls
from app.points.proof import reading
from app.points.proof.case_kinds import POINTS_DIFFER
from app.points.proof.differences import Difference, describe
from app.points.proof.models import PointsDifference, PointsProof, PointsProofSum, Side
from app.points.proof.reading import WaySum
from app.points.proof.ways import Way

# So many questions are asked of one night; the page of the proof shows the rest.
MOST_CASES = 20
_WHOLE = "points_account:whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a proof read, and what differs: `differing` accounts, of which the first ones are told in `differences`."""

    accounts: int
    entries: int
    available_points: int
    held_points: int
    debt_points: int
    lots_points: int
    sums: Sequence[WaySum]
    differences: Sequence[Difference]
    differing: int
    milliseconds: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing differs."""
        return not self.differing

    @property
    def member_ids(self) -> list[int]:
        """Whose accounts differ, each once."""
        return sorted({one.member_id for one in self.differences if one.member_id is not None})

    def total(self, way: Way) -> int:
        """What a way comes to in all malls, signed."""
        return sum(one.points for one in self.sums if one.way is way)


def read() -> Proof:
    """Read everything; the caller sees to it that it is of one moment."""
    started = time.monotonic()
    take_long()
    parts = [reading.read_accounts(members) for members in reading.ranges()]
    sums = reading.sum_ways()
    whole = _whole(sums)
    told = [member_id for part in parts for member_id in part.told]
    return Proof(
        accounts=sum(part.accounts for part in parts),
        entries=sum(one.entries for one in sums),
        available_points=sum(part.available for part in parts),
        held_points=sum(part.held for part in parts),
        debt_points=sum(part.debt for part in parts),
        lots_points=sum(part.lots_points for part in parts),
        sums=sums,
        differences=whole + (describe(told) if told else []),
        differing=sum(part.differing for part in parts) + len(whole),
        milliseconds=int((time.monotonic() - started) * 1_000),
    )


def _whole(sums: Sequence[WaySum]) -> list[Difference]:
    """What one member gave in a merge, the other got."""
    came = sum(one.points for one in sums if one.way is Way.MOVED_IN)
    went = -sum(one.points for one in sums if one.way is Way.MOVED_OUT)
    return [] if came == went else [Difference(Side.WHOLE, None, went, came)]


def keep(proof: Proof, *, day: date, now: datetime) -> None:
    """Keep it as the day's, in place of one that was kept before, and ask people about what differs."""
    row = {name: getattr(proof, name) for name in _KEPT} | {"differences": proof.differing, "proved_at": now}
    new = upsert(PointsProof).values(day=day, **row)
    db.session.execute(new.on_conflict_do_update(index_elements=["day"], set_=row))
    for table in (PointsProofSum, PointsDifference):
        db.session.execute(delete(table).where(table.day == day))
    if proof.sums:
        db.session.execute(insert(PointsProofSum), [{"day": day, **one._asdict()} for one in proof.sums])
    if proof.differences:
        rows = [_row(one, day, position) for position, one in enumerate(proof.differences)]
        db.session.execute(insert(PointsDifference), rows)
    _ask(proof, day=day, now=now)


_KEPT = ("accounts", "entries", "available_points", "held_points", "debt_points", "lots_points", "milliseconds")


def _row(one: Difference, day: date, position: int) -> dict[str, object]:
    return {
        "day": day,
        "position": position,
        "side": one.side.value,
        "member_id": one.member_id,
        "entry_id": one.entry_id,
        "expected_points": one.expected,
        "found_points": one.found,
    }


def _ask(proof: Proof, *, day: date, now: datetime) -> None:
    """A question for each account that differs; one about an account that is in order again settles itself."""
    first: dict[str, Difference] = {}
    for one in proof.differences:
        first.setdefault(_subject(one), one)
    is_all = len(proof.member_ids) + (_WHOLE in first) >= proof.differing
    for subject in case_queries.list_open_subjects(POINTS_DIFFER.code) - first.keys() if is_all else ():
        cases.settle_itself(POINTS_DIFFER, subject, now=now)
    homes = _homes(proof.member_ids)
    for subject, one in list(first.items())[:MOST_CASES]:
        cases.raise_case(
            POINTS_DIFFER,
            subject,
            mall_id=homes.get(one.member_id or 0) or malls.list_malls()[0].id,
            reason=one.side.value,
            facts={"day": str(day), "expected": one.expected, "found": one.found, "entry": str(one.entry_id or "")},
            evidence=[] if one.member_id is None else [f"member:{one.member_id}"],
            now=now,
        )


def _subject(one: Difference) -> str:
    return _WHOLE if one.member_id is None else f"points_account:{one.member_id}"


def _homes(member_ids: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(select(Member.id, Member.home_mall_id).where(Member.id.in_(member_ids[:MOST_CASES])))
    return dict(rows.tuples().all())
