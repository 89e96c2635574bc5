"""The ladder of a day: versions that hold from a day on, for the whole group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, select

from app.kernel import clock, versions
from app.kernel.db import db
from app.tiers.ladders import documents
from app.tiers.ladders.errors import LadderConflict, LadderInForce, LadderInvalid, LadderTooEarly
from app.tiers.ladders.models import LadderRound, TierLadder
from app.tiers.ladders.rules import AtEnd, Ladder, Rung

# The ladder a new group starts with; names and thresholds are data from then on [S3.9].
DEFAULT = Ladder(
    rungs=(
        Rung("silver", "银卡", 0),
        Rung("gold", "金卡", 2_000),
        Rung("platinum", "铂金卡", 10_000),
        Rung("diamond", "钻石卡", 50_000),
    ),
    period_months=12,
    at_end=AtEnd.ONE_DOWN,
)
# The first ladder has always held: what is told late of any earlier day finds one.
SINCE_EVER = date(2000, 1, 1)
MOST_RUNGS = 8
LONGEST_NAME = 12
MOST_THRESHOLD = 100_000_000
MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Dated:
    """A ladder, and the day from which it holds."""

    effective_from: date
    ladder: Ladder


# The document of the ladder of a day within another statement, by its parameter `today`.
DOCUMENT = (
    select(TierLadder.document)
    .where(TierLadder.effective_from <= bindparam("today"))
    .order_by(TierLadder.effective_from.desc())
    .limit(1)
    .scalar_subquery()
)


def ensure_ladder(*, now: datetime) -> None:
    """Give a group without a ladder the default one, which has always held."""
    if db.session.scalar(select(TierLadder.id).limit(1)) is None:
        begin_with(DEFAULT, now=now)


def begin_with(ladder: Ladder, *, now: datetime) -> None:
    """The first ladder of a group. Raises LadderInvalid."""
    ensure_sound(ladder, standing={})
    first = TierLadder(
        effective_from=SINCE_EVER, document=documents.to_document(ladder), created_at=now, created_by="system"
    )
    versions.publish(first, taken=LadderConflict(effective_from=SINCE_EVER))
    db.session.add(LadderRound(ladder_id=first.id, reached_id=0, done_at=now))
    db.session.flush()


def in_force(day: date) -> Ladder:
    """The ladder of a day."""
    found = find(day)
    if found is None:
        raise ValueError("a group has a ladder from its beginning")
    return found


def find(day: date) -> Ladder | None:
    """The same; None before a group has any."""
    version = versions.find_at(TierLadder, at=day)
    return None if version is None else documents.to_ladder(version.document)


def list_dated() -> list[Dated]:
    """Every ladder there was and will be, the latest first."""
    return [Dated(one.effective_from, documents.to_ladder(one.document)) for one in list_versions()]


def list_versions() -> Sequence[TierLadder]:
    """Every version, the latest first."""
    return versions.list_versions(TierLadder)


def list_names(day: date) -> dict[str, str]:
    """The names of the tiers by their codes, the lowest first."""
    return {rung.code: rung.name for rung in in_force(day).rungs}


def naming(code: Any) -> ColumnElement[str]:
    """What the tier of a column is called, by the latest ladder, within another statement."""
    latest = list_dated()[:1]
    names = {rung.code: rung.name for one in latest for rung in one.ladder.rungs}
    return case(names, value=code, else_=code) if names else code


def publish(ladder: Ladder, *, effective_from: date, by: str, now: datetime) -> TierLadder:
    """Let a ladder hold from a day on that is yet to begin; the same again changes nothing.

    Raises LadderInvalid, LadderTooEarly and LadderConflict.
    """
    if effective_from <= clock.business_date(now):
        raise LadderTooEarly
    ensure_sound(ladder, standing=_names_before(effective_from))
    document = documents.to_document(ladder)
    version = TierLadder(effective_from=effective_from, document=document, created_at=now, created_by=by)
    conflict = LadderConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> TierLadder:
    """Take back a ladder that is yet to begin, as if it had never been published; returns what it said.

    Raises LadderInForce.
    """
    return versions.withdraw(TierLadder, version_id, after=clock.business_date(now), begun=LadderInForce())


def _names_before(day: date) -> dict[str, str]:
    """The tiers of the ladder before a day."""
    before = versions.find_at(TierLadder, at=day)
    return {} if before is None else {rung.code: rung.name for rung in documents.to_ladder(before.document).rungs}


def ensure_sound(ladder: Ladder, *, standing: Mapping[str, str]) -> None:
    """Raises LadderInvalid with what is wrong: `standing` are the tiers that members may stand on by then."""
    problems = [name for name, holds in _sense(ladder, standing).items() if not holds]
    if problems:
        raise LadderInvalid(problems=problems)


def _sense(ladder: Ladder, standing: Mapping[str, str]) -> dict[str, bool]:
    thresholds = [rung.threshold for rung in ladder.rungs]
    names, codes = [rung.name for rung in ladder.rungs], [rung.code for rung in ladder.rungs]
    return {
        "rungs": 1 < len(ladder.rungs) <= MOST_RUNGS,
        "lowest": thresholds[:1] == [0],
        "rising": all(low < high for low, high in zip(thresholds, thresholds[1:], strict=False)),
        "thresholds": all(0 <= one <= MOST_THRESHOLD for one in thresholds),
        "names": all(0 < len(name) <= LONGEST_NAME for name in names) and len(set(names)) == len(names),
        "codes": len(set(codes)) == len(codes),
        "gone": set(standing) <= set(codes),
        "order": _in_order(list(standing), codes),
        "period": ladder.period_months is None or 0 < ladder.period_months <= MOST_MONTHS,
    }


def _in_order(standing: Sequence[str], codes: Sequence[str]) -> bool:
    """Whether tiers that were there before keep their order, the lowest its place."""
    kept = [code for code in codes if code in standing]
    return kept == [code for code in standing if code in codes] and codes[:1] == (standing or codes)[:1]
