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
from app.lifecycle.stages import carrying, cut_points, facts_sql, standings
from app.lifecycle.stages.cut_points import CutPoints, Tally
from app.lifecycle.stages.models import LifecycleNight, MemberStage
from app.lifecycle.stages.shares import taking
from app.lifecycle.stages.shares.taking import Share
from app.lifecycle.stages.standings import Gone, Touched

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


def work(night: LifecycleNight, rules: InForce, *, last: LifecycleNight, before: CutPoints, beside: Beside) -> bool:
    """Do a night whose row is not committed yet, but for the day's sums; returns whether that was possible.

    Where it was not, nothing was done. `last` and `before` are the night and the points of the day before, whose rules
    are the same. Raises Busy where somebody else went on with the night.
    """
    parts = taking.split(last.members)
    if not parts or not beside.alone(partial(taking.open_all, parts, day=night.day, night_id=night.id)):
        return False
    wait_for_others()
    of_night = _Night(night.id, night.day, rules, before)
    try:
        night.members, night.changes = _step_by_step([_Work(part, of_night) for part in parts], last, beside)
    except (_NotSo, cut_points.TooFar):
        beside.drop()
        return False
    night.is_full = False
    beside.keep()
    taking.close_all(night.day)
    return True


def _step_by_step(works: "Sequence[_Work]", last: LifecycleNight, beside: Beside) -> tuple[int, int]:
    """Every step but the commit; returns how many members stand somewhere and how many changes there are."""
    night = works[0].night
    known = carrying.list_uncertain(day=night.day, last=last)
    uncertain = sorted(known.union(*beside.each([one.carry for one in works])))
    gone = standings.list_gone(uncertain)
    # Who left is in the day's sums, which two shares cannot both write before one of them is committed.
    if gone.closed or carrying.are_too_many(uncertain, members=last.members):
        raise _NotSo
    found = people.find_people(uncertain)
    tallies = beside.each([partial(one.count, found, gone.merged) for one in works])
    points = cut_points.of_tallies(tallies, night.rules.rules, near=night.before)
    standings.write_cuts(points, day=night.day)
    changes = beside.each([partial(one.judge, points) for one in works])
    return sum(tally.members for tally in tallies), sum(changes)


@dataclass(frozen=True, slots=True)
class _Night:
    """What the shares know of a night, whose row they do not see; `before`: the points of the day before."""

    id: int
    day: date
    rules: InForce
    before: CutPoints


@dataclass(slots=True)
class _Work:
    """The steps of one share, each in the share's transaction."""

    share: Share
    night: _Night
    _kept: ExitStack = field(default_factory=ExitStack)
    _touched: list[Table] = field(default_factory=list)
    _dropped: int = 0

    def carry(self) -> Set[int]:
        """Take the share and carry its facts on; returns the numbers for which that is not enough. Raises Busy."""
        take_long()
        wait_for_others()
        self._kept.enter_context(in_one_process())  # beside the other shares, each with a processor
        taking.take(self.share, day=self.night.day)
        moved = carrying.moved_by(self.night.rules.rules, day=self.night.day, among=self.share.holds)
        return carrying.carry(self._keep("day_moves", moved), day=self.night.day)

    def count(self, found: People, merged: Sequence[int]) -> Tally:
        """Of these people, and of those found to be another, count anew who is in the share; returns how many of the
        share have which value then."""
        day, rules = self.night.day, self.night.rules
        if here := [person for person in found.ids if self.share.has(person)]:
            mine = People(here, [pair for pair in found.numbers if self.share.has(pair[1])])
            facts = facts_sql.of_some(rules.rules, as_of=day, people=mine)
            standings.write_facts(self._keep("counted_members", facts), day=day)
        if gone := [number for number in merged if self.share.has(number)]:
            nobody = Gone(merged=gone, closed=())
            self._dropped = standings.drop(nobody, rules, first=day, last=day, night=self.night)
        return cut_points.count(rules.rules, day=day, near=self.night.before, whom=self._are_here())

    def judge(self, points: CutPoints) -> int:
        """Let everybody of the share stand where their facts say; returns how many changes were kept of it."""
        touched = Touched(self._touched, self.night.before.high_spend_fen, among=self._are_here())
        cut_fen = points.high_spend_fen
        moved = standings.move(self.night.rules, cut_fen=cut_fen, night=self.night, touched=touched)
        self._kept.close()
        return self._dropped + moved

    def _are_here(self) -> ColumnElement[bool]:
        return self.share.holds(_STAGES.c.member_id)

    def _keep(self, name: str, rows: SelectBase) -> Table:
        table = self._kept.enter_context(working_table(f"{name}_{self.share.number}", rows))
        self._touched.append(table)
        return table
