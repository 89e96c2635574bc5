"""A night of many members, carried on from the day before in shares of them that are worked on at the same time.

Each share has a transaction beside the night's. What a step of all shares finds is put together before the next one:
whom to count anew, whosever numbers they are, and the cut points. All shares have done their last step before the first
is committed, and the night's own row is committed last: until then the day is none that was worked out.
"""

from collections.abc import Callable, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, SelectBase, Table

from app.identity import people
from app.identity.people import People
from app.kernel.db import in_one_process, table_of, take_long, wait_for_others
from app.kernel.fastpath.working_tables import working_table
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import carrying, facts_sql, gone, standings
from app.lifecycle.stages.gone import Gone
from app.lifecycle.stages.models import LifecycleNight, MemberStage
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.shares.taking import Share
from app.lifecycle.stages.standings import Touched
from app.lifecycle.stages.tallies import keeping, pending
from app.lifecycle.stages.tallies.counting import Near, Tally, add_up, count
from app.lifecycle.stages.tallies.ranks import TooFar

R = TypeVar("R")

_STAGES = table_of(MemberStage)


class Beside(Protocol):
    """Other transactions that work at the same time as the one at hand."""

    def alone(self, act: Callable[[], R]) -> R:
        """One act in a transaction of its own, which is committed."""
        ...

    def each(self, acts: Sequence[Callable[[], R]]) -> list[R]:
        """All acts at the same time, each going on in its transaction."""
        ...

    def keep(self) -> None:
        """Commit them all."""
        ...

    def drop(self) -> None:
        """Undo what they did."""
        ...


class _NotSo(Exception):
    """What was found is better done by the night itself, for all members."""


def work(
    night: LifecycleNight, rules: InForce, *, last: LifecycleNight, cut_fen_before: int | None, beside: Beside
) -> bool:
    """Do a night whose row is not committed yet, but for the day's sums; returns whether that was possible.

    Where it was not, no member was touched. `last` and `cut_fen_before` are the night and the cut of the day before,
    whose rules are the same. Raises Busy where somebody else went on with the night.
    """
    parts = taking.split(last.members)
    if not parts or not beside.alone(partial(taking.open_all, parts, day=night.day, night_id=night.id)):
        return False
    wait_for_others()
    of_night = _Night(night.id, night.day, rules, cut_fen_before)
    try:
        night.changes = _step_by_step([_Work(part, of_night) for part in parts], last, beside)
    except (_NotSo, TooFar):
        beside.drop()
        return False
    night.is_full = False
    beside.keep()
    taking.close_all(night.day)
    return True


def _step_by_step(works: "Sequence[_Work]", last: LifecycleNight, beside: Beside) -> int:
    """Every step but the commit; returns how many changes there are."""
    night, kept = works[0].night, keeping.find_before(works[0].night.day)
    carried = beside.each([partial(one.carry, kept.near) for one in works])
    uncertain = sorted(carrying.list_uncertain(day=night.day, last=last).union(*(others for others, _ in carried)))
    nobody = gone.list_gone(uncertain)
    # Who left is in the day's sums, which two shares cannot both write before one of them is committed.
    if nobody.closed or carrying.are_too_many(uncertain, members=last.members):
        raise _NotSo
    found = people.find_people(uncertain)
    counted = beside.each([partial(one.count, found, nobody.merged, kept.near) for one in works])

    def look(near: Near) -> list[tuple[Tally, list[int]]]:
        return beside.each([partial(one.look, near) for one in works])

    moved = [*(tally for _, tally in carried), *counted]
    points = keeping.find_points(kept, moved, night.rules.rules, day=night.day, look=look)
    standings.write_cuts(points, day=night.day)
    return sum(beside.each([partial(one.judge, points.high_spend_fen) for one in works]))


@dataclass(frozen=True, slots=True)
class _Night:
    """What the shares know of a night, whose row they do not see."""

    id: int
    day: date
    rules: InForce
    cut_fen_before: int | None


@dataclass(slots=True)
class _Work:
    """The steps of one share, each in the share's transaction."""

    share: Share
    night: _Night
    _kept: ExitStack = field(default_factory=ExitStack)
    _touched: list[Table] = field(default_factory=list)
    _dropped: int = 0

    def carry(self, near: Near) -> tuple[Set[int], Tally]:
        """Take the share and carry its facts on; returns the numbers for which that is not enough, and what it changed
        in how many have which value. Raises Busy."""
        take_long()
        wait_for_others()
        self._kept.enter_context(in_one_process())  # beside the other shares, each with a processor
        taking.take(self.share, day=self.night.day)
        moved = carrying.moved_by(self.night.rules.rules, day=self.night.day, among=self.share.holds)
        return carrying.carry(self._keep("day_moves", moved), day=self.night.day, near=near)

    def count(self, found: People, merged: Sequence[int], near: Near) -> Tally:
        """Of these people, and of those found to be another, count anew who is in the share; returns what that changed
        in how many have which value."""
        day, rules, tally = self.night.day, self.night.rules, Tally()
        if here := [person for person in found.ids if self.share.has(person)]:
            mine = People(here, [pair for pair in found.numbers if self.share.has(pair[1])])
            facts = facts_sql.of_some(rules.rules, as_of=day, people=mine)
            tally = standings.write_some(self._keep("counted_members", facts), day=day, near=near)
        nobody = Gone(merged=[number for number in merged if self.share.has(number)], closed=())
        self._dropped, left = gone.drop(nobody, rules, first=day, last=day, near=near, night=self.night)
        return add_up([tally, left])

    def look(self, near: Near) -> tuple[Tally, list[int]]:
        """How many of the share have which value, and the changes that are to be seen."""
        return count(_STAGES, near, whom=self._are_here(), also=pending.NUMBERS)

    def judge(self, cut_fen: int | None) -> int:
        """Let everybody of the share stand where their facts say; returns how many changes were kept of it."""
        touched = Touched(self._touched, self.night.cut_fen_before, among=self._are_here())
        moved = standings.move(self.night.rules, cut_fen=cut_fen, night=self.night, touched=touched)
        self._kept.close()
        return self._dropped + moved

    def _are_here(self) -> ColumnElement[bool]:
        return self.share.holds(_STAGES.c.member_id)

    def _keep(self, name: str, rows: SelectBase) -> Table:
        table = self._kept.enter_context(working_table(f"{name}_{self.share.number}", rows))
        self._touched.append(table)
        return table
