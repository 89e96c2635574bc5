"""Members with facts on chosen days, written as rows and kept as plain values, for an independent count."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from app.access.audit import SYSTEM
from app.identity import merges
from app.identity.models import Member, MemberStatus, MergeWhy
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.rules.rule_sets import DEFAULT, Rules
from app.lifecycle.stages.rules import Facts, Standing, classify
from app.lifecycle.values.models import MemberValue
from app.malls.models import Mall, Store
from app.purchases.facts import receipt
from app.purchases.models import Purchase
from app.timeline import events
from app.timeline.models import DONE_BY_MEMBER, PRESENCE, EventKind
from tests.builders.invitations import make_invitation
from tests.builders.malls import make_store

TODAY = date(2026, 3, 10)


def ago(days: int) -> date:
    """The day that is so many days before TODAY."""
    return TODAY - timedelta(days=days)


@dataclass(slots=True)
class Person:
    """A member as rows say it; `bought` holds day, amount and refunds by day."""

    row: Member
    created_on: date
    joined_on: date | None
    bought: list["Bought"] = field(default_factory=list)
    acts: list[tuple[date, EventKind]] = field(default_factory=list)
    earned: dict[date, int] = field(default_factory=dict)
    brought: list[date] = field(default_factory=list)
    is_brought: bool = False
    into: "Person | None" = None

    @property
    def id(self) -> int:
        return self.row.id


@dataclass(slots=True)
class Bought:
    """A purchase of somebody, and what was refunded of it."""

    row: Purchase
    buyer: Person
    day: date
    fen: int
    refunds: list[tuple[date, int]] = field(default_factory=list)


class World:
    """One store and everybody who comes to it. Moments are the first and the last second of days in turn."""

    def __init__(self) -> None:
        self.store: Store = make_store()
        self.people: list[Person] = []
        self._numbers = itertools.count(1)
        self._seconds: Iterator[time] = itertools.cycle([time(0, 0, 0), time(23, 59, 59), time(12)])

    @property
    def mall_code(self) -> str:
        """What addresses call the store's mall."""
        mall = db.session.get(Mall, self.store.mall_id)
        assert mall is not None
        return mall.code

    def at(self, day: date) -> datetime:
        """A moment of the mall's day."""
        return datetime.combine(day, next(self._seconds), clock.MALL_ZONE)

    def person(self, *, joined: date | None, created: date | None = None) -> Person:
        """Somebody who joined on a day, or a visitor seen on a day; back-dated if `created` is later."""
        created_on = created or joined
        assert created_on is not None
        row = Member(
            public_id=f"world-{next(self._numbers)}-{self.store.id}",
            status=MemberStatus.VISITOR.value if joined is None else MemberStatus.MEMBER.value,
            home_mall_id=self.store.mall_id,
            joined_at=None if joined is None else self.at(joined),
            created_at=self.at(created_on),
        )
        db.session.add(row)
        db.session.flush()
        person = Person(row, created_on, None)
        self.people.append(person)
        if joined is not None:
            person.joined_on = joined
            self.act(person, EventKind.JOINED, joined)
        return person

    def buy(self, person: Person, day: date, fen: int = 10_000) -> Bought:
        """A purchase with its line of the timeline."""
        row = self._receipt(person, day, fen)
        bought = Bought(row, person, day, fen)
        person.bought.append(bought)
        self.act(person, EventKind.PURCHASED, day, fact=receipt(row.source, row.receipt_no))
        return bought

    def refund(self, bought: Bought, day: date, fen: int | None = None) -> None:
        """Bring back a part of a purchase, or what is left of it, under the number it was bought with."""
        left = bought.fen + sum(amount for _, amount in bought.refunds)
        amount = -(left if fen is None else min(fen, left))
        row = self._receipt(bought.buyer, day, amount, refund_of_id=bought.row.id)
        bought.refunds.append((day, amount))
        self.act(end_of(bought.buyer), EventKind.REFUNDED, day, fact=receipt(row.source, row.receipt_no))

    def _receipt(self, person: Person, day: date, fen: int, refund_of_id: int | None = None) -> Purchase:
        row = Purchase(
            member_id=person.id,
            source="world",
            receipt_no=str(next(self._numbers)),
            mall_id=self.store.mall_id,
            merchant_id=self.store.merchant_id,
            store_id=self.store.id,
            occurred_at=self.at(day),
            amount_fen=fen,
            refund_of_id=refund_of_id,
            is_first=False,
            recorded_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        return row

    def act(self, person: Person, kind: EventKind, day: date, *, fact: Fact | None = None) -> None:
        """A line of the timeline."""
        fact = fact or Fact("world", next(self._numbers))
        events.record(person.id, kind=kind, fact=fact, occurred_at=self.at(day), mall_id=self.store.mall_id)
        person.acts.append((day, kind))

    def earn(self, person: Person, day: date, fen: int) -> None:
        """What the person brought the malls on a day is known, or known better than before."""
        person.earned[day] = fen
        row = {"commission_fen": fen, "benefits_fen": 0, "message_cost_fen": 0, "discount_fen": 0, "stay_minutes": 0}
        db.session.merge(MemberValue(member_id=person.id, day=day, margin_fen=fen, **row))
        db.session.flush()

    def bring(self, person: Person, day: date) -> None:
        """Somebody else who is known, and whom nobody brought yet, counts as the person's friend from a day on."""
        friend = next((one for one in self.people if one is not person and not one.is_brought), None)
        if friend is not None:
            make_invitation(person.row, friend.row, datetime.combine(day, time(12), clock.MALL_ZONE))
            friend.is_brought = True
            person.brought.append(day)

    def merge(self, person: Person, *, into: Person) -> None:
        """Somebody turns out to be somebody else; rows stay under their number."""
        merge = merges.begin(person.row, into=into.row, why=MergeWhy.PROOF, actor=SYSTEM, now=clock.now())
        merges.finish(merge, person.row, into=into.row, carried={})
        person.into = into

    def leave(self, person: Person, day: date) -> list[int]:
        """Somebody leaves, with all their numbers, which are returned; they are in no world any more."""
        mine = [other for other in self.people if end_of(other) is person]
        self.act(person, EventKind.LEFT, day)
        person.row.status, person.row.closed_at = MemberStatus.CLOSED.value, self.at(day)
        db.session.flush()
        self.people = [other for other in self.people if other not in mine]
        return [one.id for one in mine]

    def expected(self, as_of: date, rules: Rules = DEFAULT) -> dict[int, tuple[Facts, Standing]]:
        """Facts and standing of everybody at a date, counted one by one in plain Python."""
        facts = {person.id: found for person in self.people if (found := self._facts(person, as_of, rules))}
        cut_fen = cut([one.year_fen for one in facts.values() if one.year_purchases], rules)
        return {
            member_id: (one, classify(one, rules, as_of=as_of, cut_fen=cut_fen)) for member_id, one in facts.items()
        }

    def _facts(self, person: Person, as_of: date, rules: Rules) -> Facts | None:
        mine = [other for other in self.people if end_of(other) is person]
        acts = [(day, kind) for one in mine for day, kind in one.acts if day <= as_of and kind in DONE_BY_MEMBER]
        joined_on = person.joined_on if person.joined_on and person.joined_on <= as_of else None
        seen_on = person.created_on if person.created_on <= as_of else None
        known_on = joined_on or seen_on or max((day for day, _ in acts), default=None)
        if person.into is not None or known_on is None:
            return None
        rows = [(one.day, one.fen) for other in mine for one in other.bought]
        rows += [refund for other in mine for one in other.bought for refund in one.refunds]
        amounts = [(day, fen) for day, fen in rows if day <= as_of]
        kept = [one.day for other in mine for one in other.bought if one.day <= as_of and is_kept(one, as_of)]
        return Facts(
            joined_on=joined_on,
            known_on=known_on,
            last_purchase_on=max(kept, default=None),
            last_presence_on=max([known_on, *(day for day, kind in acts if kind in PRESENCE)]),
            last_behaviour_on=max([known_on, *(day for day, _ in acts)]),
            recent_purchases=sum((as_of - day).days < rules.recent_days for day in kept),
            year_purchases=sum((as_of - day).days < rules.spend_days for day in kept),
            year_fen=sum(fen for day, fen in amounts if (as_of - day).days < rules.spend_days),
            purchases=len(kept),
            monetary_fen=sum(fen for _, fen in amounts),
            margin_fen=None if rules.high_margin_fen is None else _earned(mine, as_of, rules.spend_days),
            friends=None if rules.high_friends is None else _brought(mine, as_of, rules.spend_days),
        )


def _earned(numbers: list[Person], as_of: date, days: int) -> int:
    return sum(fen for one in numbers for day, fen in one.earned.items() if 0 <= (as_of - day).days < days)


def _brought(numbers: list[Person], as_of: date, days: int) -> int:
    return sum(0 <= (as_of - day).days < days for one in numbers for day in one.brought)


def end_of(person: Person) -> Person:
    """Who somebody turned out to be."""
    return person if person.into is None else end_of(person.into)


def is_kept(bought: Bought, as_of: date) -> bool:
    """Whether a purchase counts at a date: nothing was refunded by then, or not all of it."""
    refunds = [fen for day, fen in bought.refunds if day <= as_of]
    return not refunds or bought.fen + sum(refunds) > 0


def cut(spends: list[int], rules: Rules) -> int | None:
    """The least whole amount at or above the point that parts those who spent most, straight between its neighbours."""
    if not spends:
        return None
    ordered = sorted(spends)
    place = (10_000 - rules.high_spend_top_bps) / 10_000 * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return math.ceil(low + (place - math.floor(place)) * (high - low))
