"""Footfall out of files, as many doors' counters keep it: an hour that is known is corrected by what the file says."""

from collections.abc import Sequence
from datetime import date, datetime

from app.access.audit import Actor
from app.entrances import footfall
from app.entrances.footfall import Count, Source
from app.flows.history import outcomes
from app.flows.history.outcomes import Outcome


def load(batch: Sequence[Count], *, mall_id: int, actor: Actor, now: datetime) -> list[Outcome]:
    """Keep the counts; one outcome each, in order. What the file says twice alike is known the second time."""
    done = footfall.record(mall_id, _each_once(batch), source=Source.FILE, actor=actor, now=now)
    return _outcomes(batch, dict(done.before))


def foresee(batch: Sequence[Count], *, mall_id: int) -> list[Outcome]:
    """What `load` would answer."""
    return _outcomes(batch, footfall.find_known(mall_id, batch))


def _each_once(batch: Sequence[Count]) -> list[Count]:
    return list({one.hour_of_door: one for one in batch}.values())


def _outcomes(batch: Sequence[Count], known: dict[tuple[str, date, int], int]) -> list[Outcome]:
    found = list[Outcome]()
    for one in batch:
        before = known.get(one.hour_of_door)
        known[one.hour_of_door] = one.visitors
        if before is None:
            found.append(outcomes.NEW)
        else:
            found.append(outcomes.KNOWN if before == one.visitors else outcomes.CORRECTED)
    return found
