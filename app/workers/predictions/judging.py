"""Why members stay away: whoever has become silent is judged, and who came back is not any more."""

from dataclasses import dataclass
from datetime import timedelta

from app.kernel import clock
from app.kernel.db import atomic
from app.lifecycle.causes import causes, silences

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """How many silences were judged, and how many are over."""

    judged: int
    over: int


def judge_silences() -> Judged:
    """Judge whoever stays away by the end of yesterday; some members in a transaction each.

    May run twice at once: both write the same.
    """
    day = clock.business_date(clock.now()) - timedelta(days=1)
    with atomic():
        found = silences.find_changed(day)
        over = causes.take_back(found.over)
    for start in range(0, len(found.unjudged), _BATCH):
        with atomic():
            causes.judge(found.unjudged[start : start + _BATCH], as_of=day)
    return Judged(len(found.unjudged), over)
