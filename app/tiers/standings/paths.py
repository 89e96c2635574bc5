"""A member's way on the ladder, credit by credit: what `standings.follow` does with statements, for bulk. Pure.

Growth that is told late moves its member at its own moment, but never before what has moved them since.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from app.kernel import clock
from app.tiers.ladders.ladders import Dated
from app.tiers.ladders.rules import Ladder
from app.tiers.standings import rules
from app.tiers.standings.models import Why
from app.tiers.standings.rules import Held

_BY_GROWTH = (Why.RISEN, Why.LADDER, Why.OPENING)


class Grown(NamedTuple):
    """Growth (signed) as it counts for a period, and its moment."""

    at: datetime
    growth: int


@dataclass(slots=True)
class Stood:
    """A standing, and when another one replaced it (None: not yet)."""

    held: Held
    replaced_at: datetime | None = None


@dataclass(slots=True)
class Path:
    """Where a member has stood, in the order of the rows, and what has grown so far, in that of its moments.

    `ladders`: all there are, the latest first. `value` is the growth value.
    """

    ladders: Sequence[Dated]
    stood: list[Stood] = field(default_factory=list)
    grown: list[Grown] = field(default_factory=list)
    value: int = 0

    def credit(self, growth: int, at: datetime) -> None:
        """Add growth, or take back as much as there is, and move the member."""
        change = max(growth, -self.value)
        if not change:
            return
        self.value += change
        moment = self._moment_of(at)
        insort(self.grown, Grown(at, change))
        ladder = self._find_ladder(moment)
        if ladder is None:
            return
        self._settle(ladder, moment)
        if change > 0 or not self._take_down(ladder, moment):
            self._raise(ladder, moment)

    def _moment_of(self, at: datetime) -> datetime:
        known = [one.at for one in self.grown[-1:]] + [one.held.began_at for one in self.stood[-1:]]
        return max([at, *known])

    def tier_at(self, moment: datetime) -> str:
        """The tier just before a moment, by what is known so far."""
        for one in self.stood:
            if one.held.began_at < moment and (one.replaced_at is None or one.replaced_at >= moment):
                return [one.held, *self._ends_of(one.held, moment)][-1].tier
        return self.ladders[0].ladder.rungs[0].code

    @property
    def _held(self) -> Held | None:
        """Where they stand now."""
        return self.stood[-1].held if self.stood and self.stood[-1].replaced_at is None else None

    def _write(self, held: Held) -> None:
        if self.stood and self.stood[-1].replaced_at is None:
            self.stood[-1].replaced_at = held.began_at
        self.stood.append(Stood(held))

    def _settle(self, ladder: Ladder, moment: datetime) -> None:
        held = self._held
        if held is None:
            return
        for follower in self._ends_of(held, moment):
            self._write(follower)
            held = follower
        if held.ends_at is None and ladder.period_end(held.tier, moment) is not None:
            self._write(rules.begin(ladder, held.tier, at=moment, why=Why.KEPT, counted=held.counted))

    def _ends_of(self, held: Held, moment: datetime) -> list[Held]:
        found: list[Held] = []
        while held.ends_at is not None and held.is_over(moment):
            counted = self._of_period(held, held.ends_at)
            ladder = self._find_ladder(held.ends_at)
            if ladder is None:
                raise ValueError("a group has a ladder from its beginning")
            held = rules.after_end(held, ladder, counted=counted)
            found.append(held)
        return found

    def _raise(self, ladder: Ladder, moment: datetime) -> None:
        tier = self._tier(ladder)
        above = ladder.above(tier)
        if above is None or self.value < above.threshold:
            return
        counted = self._counted(ladder.counts_after(moment), moment)
        reached = ladder.reached(counted).code
        if ladder.rank_of(reached) > ladder.rank_of(tier):
            self._write(rules.begin(ladder, reached, at=moment, why=Why.RISEN, counted=counted))

    def _take_down(self, ladder: Ladder, moment: datetime) -> bool:
        held, rank = self._held, ladder.rank_of(self._tier(ladder))
        if held is None or rank == 0 or held.why not in (*_BY_GROWTH, Why.TAKEN_BACK):
            return False
        counted = self._counted(ladder.counts_after(moment), moment)
        floor = self._still_holds(ladder, moment)
        reached = ladder.reached(counted).code
        tier = reached if floor is None else ladder.higher(reached, floor.tier)
        if ladder.rank_of(tier) >= rank:
            return False
        fallen = rules.begin(ladder, tier, at=moment, why=Why.TAKEN_BACK, counted=counted)
        if floor is not None and floor.tier == tier:
            fallen = Held(tier, moment, floor.ends_at, Why.TAKEN_BACK, counted, self._of_period(floor, moment))
        self._write(fallen)
        return True

    def _still_holds(self, ladder: Ladder, moment: datetime) -> Held | None:
        begun = [one.held for one in self.stood if one.held.began_at <= moment]
        for held in sorted(begun, key=lambda one: one.began_at)[::-1]:
            if held.why is Why.TAKEN_BACK:
                continue
            if held.why not in _BY_GROWTH:
                return None if held.is_over(moment) else held
            since = self._counted(ladder.counts_after(held.began_at), moment)
            if not held.is_over(moment) and since >= ladder.rung_of(held.tier).threshold:
                return held
        return None

    def _tier(self, ladder: Ladder) -> str:
        return ladder.rungs[0].code if self._held is None else self._held.tier

    def _find_ladder(self, moment: datetime) -> Ladder | None:
        day = clock.business_date(moment)
        return next((one.ladder for one in self.ladders if one.effective_from <= day), None)

    def _of_period(self, held: Held, until: datetime) -> int:
        return self._counted(held.began_at, until, brought=held.brought)

    def _counted(self, after: datetime | None, until: datetime, *, brought: int = 0) -> int:
        counting = [one.growth for one in self.grown if (after is None or one.at > after) and one.at <= until]
        return max(brought + sum(counting), 0)
