"""What follows from joining: a timeline row, the stage of a new member, and growth to begin with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.flows.consequences.effects import Effects
from app.identity import facts
from app.kernel import clock
from app.kernel.reasons import Reason
from app.lifecycle.stages import acts
from app.tiers import crediting
from app.tiers.growth import rule_sets
from app.tiers.growth.bulk import Credit
from app.timeline import bulk as timeline_bulk
from app.timeline import events
from app.timeline.models import EventKind

_REASON = Reason("join")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """Who joined when, and through what: an entrance's scene, or an import."""

    member_id: int
    joined_at: datetime
    mall_id: int
    store_id: int | None = None
    source: str = ""
    effects: Effects = Effects.LEDGER


def apply(found: Consequences, *, now: datetime) -> None:
    """Write them for one member."""
    events.record(
        found.member_id,
        kind=EventKind.JOINED,
        fact=facts.member(found.member_id),
        occurred_at=found.joined_at,
        mall_id=found.mall_id,
        store_id=found.store_id,
        source=found.source,
    )
    _move([found], now=now)
    if found.effects is not Effects.NONE:
        crediting.credit(
            found.member_id,
            growth=_growth(now),
            reason=_REASON,
            fact=facts.JOIN,
            now=now,
            entered_at=_entered_at(found, now),
        )


def apply_all(found: Sequence[Consequences], *, now: datetime) -> None:
    """The same for many, who are new, in a few statements."""
    timeline_bulk.record(
        EventKind.JOINED,
        (
            (one.member_id, facts.member(one.member_id), one.joined_at, one.mall_id, one.store_id, one.source)
            for one in found
        ),
    )
    _move(found, now=now)
    grown = _growth(now)
    credits = [
        Credit(one.member_id, grown, _REASON, facts.JOIN, _entered_at(one, now))
        for one in found
        if one.effects is not Effects.NONE
    ]
    crediting.credit_all(credits)


def _entered_at(found: Consequences, now: datetime) -> datetime:
    return found.effects.entered_at(found.joined_at, now=now)


def _growth(now: datetime) -> int:
    return rule_sets.in_force(clock.business_date(now)).join_growth


def _move(found: Sequence[Consequences], *, now: datetime) -> None:
    """Who has joined today is a new member at once; of who joined earlier a night tells."""
    today = clock.business_date(now)
    acts.join([one.member_id for one in found if clock.business_date(one.joined_at) == today], day=today)
