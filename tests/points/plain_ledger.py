"""Points as anybody would keep them on paper: lots, holds, debts and exchanges of members, without any database."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app.kernel import clock
from app.points.expiry.rules import Policy

COUPON_DAYS = 30


class Refused(Exception):
    """It cannot be done."""


@dataclass(eq=False)
class Lot:
    last_day: date
    left: int
    earned: str


Parts = list[tuple[Lot, int]]


@dataclass
class Hold:
    parts: Parts
    until: datetime | None

    @property
    def points(self) -> int:
        return sum(points for _, points in self.parts)


@dataclass
class Member:
    """One member's points; lots stand in the order in which they were opened."""

    policy: Policy
    lots: list[Lot] = field(default_factory=list)
    debt: int = 0
    holds: dict[str, Hold] = field(default_factory=dict)
    spent: dict[str, Parts] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)  # exchanges that wait for cash, and what they are of
    coupons: dict[str, datetime] = field(default_factory=dict)  # exchanges, and when their coupon is over

    @property
    def available(self) -> int:
        return sum(lot.left for lot in self.lots)

    @property
    def held(self) -> int:
        return sum(hold.points for hold in self.holds.values())

    def expire(self, now: datetime) -> None:
        for lot in self.lots:
            if lot.last_day < clock.business_date(now):
                lot.left = 0

    def end_overdue_holds(self, now: datetime) -> None:
        for fact, hold in list(self.holds.items()):
            if hold.until is not None and hold.until <= now:
                self.end(fact, now)

    def pass_time(self, now: datetime) -> None:
        self.end_overdue_holds(now)
        self.expire(now)

    def earn(self, fact: str, points: int, now: datetime) -> None:
        repaid = min(points, self.debt)
        self.debt -= repaid
        last_day = self.policy.last_day(clock.business_date(now))
        self.lots.append(Lot(last_day, points - repaid, fact))

    def take(self, points: int, *, first: str | None = None) -> Parts:
        """Points out of the lots: those of one earning first, then the ones that run out first."""
        taken: Parts = []
        for lot in sorted(self.lots, key=lambda lot: (lot.earned != first, lot.last_day)):
            part = min(lot.left, points - sum(each for _, each in taken))
            if part:
                lot.left -= part
                taken.append((lot, part))
        return taken

    def spend(self, fact: str, points: int, now: datetime) -> None:
        self.pass_time(now)
        if points > self.available:
            raise Refused
        self.spent[fact] = self.take(points)

    def give_back(self, fact: str, now: datetime) -> None:
        self.put_back(self.spent.pop(fact), now)
        if self.debt:
            self.pass_time(now)
            self.repay()

    def put_back(self, parts: Parts, now: datetime) -> None:
        today = clock.business_date(now)
        late_until = self.policy.last_day_of_grace(today)
        for lot, points in parts:
            if lot.last_day < today and late_until is not None:
                self.lots.append(Lot(late_until, points, lot.earned))
            else:
                lot.left += points

    def repay(self) -> None:
        repaid = min(self.available, self.debt)
        self.debt -= repaid
        self.take(repaid)

    def take_back(self, fact: str | None, points: int, now: datetime) -> None:
        self.pass_time(now)
        taken = self.take(points, first=fact)
        self.debt += points - sum(part for _, part in taken)

    def hold(self, fact: str, points: int, now: datetime, until: datetime | None) -> None:
        self.pass_time(now)
        if points > self.available:
            raise Refused
        self.holds[fact] = Hold(self.take(points), until)

    def capture(self, fact: str, points: int, now: datetime) -> None:
        hold = self.holds.get(fact)
        if hold is None or (hold.until is not None and hold.until <= now) or points > hold.points:
            raise Refused
        self.spent[fact] = self.end(fact, now, spent=points)
        self.pass_time(now)

    def release(self, fact: str, now: datetime) -> None:
        if fact not in self.holds:
            raise Refused
        self.end(fact, now)
        self.pass_time(now)

    def end(self, fact: str, now: datetime, spent: int = 0) -> Parts:
        hold = self.holds.pop(fact)
        taken, rest = _split(hold.parts, spent)
        is_good = self.policy.grace_days > 0
        good = [part for part in rest if is_good or part[0].last_day >= clock.business_date(now)]
        paid, left = _split(good, self.debt)
        self.debt -= sum(points for _, points in paid)
        self.put_back([part for part in rest if part not in good] + left, now)
        return taken

    def exchange(self, fact: str, points: int, campaign: str, now: datetime, *, asks_cash: bool) -> None:
        """What waits of the same campaign is given up first; a refusal changes nothing."""
        after = deepcopy(self)
        for waiting in [one for one, of in after.waiting.items() if of == campaign]:
            after.give_up(waiting, now)
        after.hold(fact, points, now, None)
        after.waiting[fact] = campaign
        after.coupons[fact] = clock.end_of_day(clock.business_date(now) + timedelta(days=COUPON_DAYS - 1))
        if not asks_cash:
            after.finish(fact, now)
        self.__dict__ = after.__dict__

    def finish(self, fact: str, now: datetime) -> None:
        del self.waiting[fact]
        self.capture(fact, self.holds[fact].points, now)

    def give_up(self, fact: str, now: datetime) -> None:
        del self.waiting[fact], self.coupons[fact]
        self.release(fact, now)

    def give_back_exchange(self, fact: str, now: datetime) -> None:
        if fact in self.waiting or fact not in self.coupons or self.coupons[fact] <= now:
            raise Refused
        del self.coupons[fact]
        self.give_back(fact, now)

    def move_all(self, to: "Member", now: datetime) -> None:
        self.pass_time(now)
        if self.holds:
            raise Refused
        for lot in sorted(self.lots, key=lambda lot: lot.last_day):
            if lot.left:
                to.lots.append(Lot(lot.last_day, lot.left, "moved"))
                lot.left = 0
        if to.debt and to.available:
            to.pass_time(now)
            to.repay()
        if self.debt:
            to.debt += self.debt
            self.debt = 0
            to.pass_time(now)
            to.repay()


def _split(parts: Sequence[tuple[Lot, int]], points: int) -> tuple[Parts, Parts]:
    """So many points of parts, and the rest of them."""
    first: Parts = []
    rest: Parts = []
    for lot, part in parts:
        taken = min(part, points)
        points -= taken
        first += [(lot, taken)] if taken else []
        rest += [(lot, part - taken)] if part > taken else []
    return first, rest
