"""Targets for moves between stages: which moves there are, what is aimed at, and its versions [S0.2]."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.kernel import clock, versions
from app.lifecycle.stages.models import AT_RISK, LADDER, Stage
from app.lifecycle.targets.errors import TargetsConflict, TargetsInForce, TargetsTooEarly
from app.lifecycle.targets.models import StageTargets


class Transition(StrEnum):
    """A move that a mall works for."""

    JOIN = "join"  # a visitor becomes a member
    FIRST = "first"  # a new member buys
    REPEAT = "repeat"  # who bought once buys again
    HIGH = "high"  # who buys again comes to high value
    BACK = "back"  # who was at risk comes back


# From which stages a transition leads, and to which: further up counts as well.
WAYS: Mapping[Transition, tuple[Sequence[Stage], Sequence[Stage]]] = {
    Transition.JOIN: (LADDER[:1], LADDER[1:]),
    Transition.FIRST: (LADDER[1:2], LADDER[2:]),
    Transition.REPEAT: (LADDER[2:3], LADDER[3:]),
    Transition.HIGH: (LADDER[3:4], LADDER[4:]),
    Transition.BACK: (AT_RISK, LADDER[1:]),
}


@dataclass(frozen=True, slots=True)
class Target:
    """So many of those who came to a stage should move on within so many days; `share_bps` None aims at nothing."""

    days: int
    share_bps: int | None


Targets = Mapping[Transition, Target]

# What a group aims at before it has said so itself: usual figures of malls, to be replaced by its own.
DEFAULT: Targets = {
    Transition.JOIN: Target(7, 3_000),
    Transition.FIRST: Target(30, 4_000),
    Transition.REPEAT: Target(60, 3_000),
    Transition.HIGH: Target(90, 1_500),
    Transition.BACK: Target(60, 1_000),
}


def in_force(day: date) -> Targets:
    """What is aimed at on a day."""
    version = versions.find_at(StageTargets, at=day)
    return DEFAULT if version is None else to_targets(version)


def list_versions(*, limit: int = 100) -> Sequence[StageTargets]:
    """Every version there was and will be, the latest first."""
    return versions.list_versions(StageTargets, limit=limit)


def to_targets(version: StageTargets) -> Targets:
    """What a version says."""
    return {one: Target(getattr(version, f"{one}_days"), getattr(version, f"{one}_bps")) for one in Transition}


def publish(wanted: Targets, *, effective_from: date, by: str, now: datetime) -> StageTargets:
    """Aim at this from a day on that is yet to begin; the same again changes nothing.

    Raises TargetsTooEarly and TargetsConflict.
    """
    if effective_from <= clock.business_date(now):
        raise TargetsTooEarly
    numbers = {f"{one}_days": target.days for one, target in wanted.items()}
    shares = {f"{one}_bps": target.share_bps for one, target in wanted.items()}
    version = StageTargets(effective_from=effective_from, created_at=now, created_by=by, **numbers, **shares)
    conflict = TargetsConflict(effective_from=effective_from)
    return versions.publish_once(version, taken=conflict)


def withdraw(version_id: int, *, now: datetime) -> StageTargets:
    """Take back targets that are yet to begin, as if they had never been; returns what they said.

    Raises TargetsInForce.
    """
    return versions.withdraw(StageTargets, version_id, after=clock.business_date(now), begun=TargetsInForce())
