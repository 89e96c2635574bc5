"""What the demo's members have done in the weeks before today, through the real flows with the clock set back."""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

from app.access.models import Staff
from app.benefits.coupons import queries as benefit_queries
from app.benefits.grants import queries as grants_queries
from app.entrances import scans
from app.flows import newbie_tasks, parking, purchases, redemptions
from app.flows.members import joining
from app.flows.redemptions import Till
from app.identity import consents, preferences
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.facts import Fact
from app.malls.models import Store
from app.parking.sessions import queries as session_queries
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.purchases.rules import Receipt
from app.verification import phones
from cli.demo import directory
from cli.demo.mall import CAR_PARK, Built

EARLIER_MEMBERS = 28  # spread over the whole time; the last days below are busier
LAST_DAYS = 14
SEED = 20_260_901


@dataclass(slots=True)
class Storyteller:
    """Chance and time of the demo; acts are planned in any order and told in the order of time."""

    built: Built
    start: datetime
    end: datetime
    chance: random.Random
    agenda: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    turns: Iterator[int] = field(default_factory=itertools.count)

    def plan(self, at: datetime, act: Callable[[], None]) -> None:
        """Something will happen at that moment, unless that is still to come."""
        if self.start < at < self.end:
            heapq.heappush(self.agenda, (at, next(self.turns), act))

    def tell(self) -> None:
        """Let everything happen, with the clock at its moment; what an act plans happens in its turn."""
        while self.agenda:
            at, _, act = heapq.heappop(self.agenda)
            with clock.freeze(at):
                act()


def tell(built: Built, *, start: datetime, end: datetime, progress: Callable[[int, int], None]) -> None:
    """Let people pass by, join between start and end, do their tasks, park, buy, and use coupons."""
    story = Storyteller(built, start, end, random.Random(SEED))  # noqa: S311  a demo, not a secret
    joins = sorted(_joining_times(story))
    for number, at in enumerate(joins):
        story.plan(at, partial(_live, story, number))
        story.plan(at, partial(progress, number + 1, len(joins)))
    _plan_glances(story)
    story.tell()


def _joining_times(story: Storyteller) -> list[datetime]:
    """A few in every week, two or three on each of the last days."""
    span = story.end - story.start
    days = [clock.business_date(story.start + span * (number / EARLIER_MEMBERS)) for number in range(EARLIER_MEMBERS)]
    today = clock.business_date(story.end)
    days += [today - timedelta(days=back) for back in range(LAST_DAYS) for _ in range(story.chance.choice([1, 2, 3]))]
    return [_hour_of(story, day) for day in [*days, today]]


def _hour_of(story: Storyteller, day: date) -> datetime:
    """Malls are open from ten to ten; today only until now."""
    midnight = clock.start_of_day(day)
    latest = min(21.5, (story.end - midnight) / timedelta(hours=1))
    return midnight + timedelta(hours=story.chance.uniform(10, max(10.0, latest)))


def _plan_glances(story: Storyteller) -> None:
    """Most who scan look and leave; they are counted all the same."""
    day, last = clock.business_date(story.start), clock.business_date(story.end)
    while day <= last:
        for number in range(story.chance.randint(2, 7)):
            story.plan(_hour_of(story, day), partial(_glance, story, f"demo-glance-{day:%m%d}-{number:02d}"))
        day += timedelta(days=1)


def _glance(story: Storyteller, visit_key: str) -> None:
    with atomic():
        entrance = story.chance.choice(story.built.entrances)
        scans.record(scans.Opening(entrance_id=entrance.id, visit_key=visit_key), now=clock.now())


def _live(story: Storyteller, number: int) -> None:
    """One member's way from joining up to now."""
    joined_at = clock.now()
    member_id = _join(story, number)
    if story.chance.random() < 0.8:
        story.plan(joined_at + timedelta(minutes=3), partial(_do_tasks, story, member_id))
    if story.chance.random() < 0.6:
        _park(story, member_id, number)
    at = joined_at + timedelta(minutes=story.chance.uniform(20, 90))
    for visit in range(story.chance.choice([0, 1, 1, 2, 3, 5])):
        story.plan(at, partial(_visit, story, member_id, number * 100 + visit))
        at = _hour_of(story, clock.business_date(at) + timedelta(days=story.chance.randint(1, 8)))
    if story.chance.random() < 0.1:
        today = _hour_of(story, clock.business_date(story.end))
        story.plan(today, partial(_visit, story, member_id, number * 100 + 99))


def _park(story: Storyteller, member_id: int, number: int) -> None:
    """They came by car and joined in the mall: the coupon pays the stay, if it is over by now."""
    if _member(member_id).home_mall_id != story.built.malls["YH"].id:
        return
    now = clock.now()
    plate = f"沪A{'KLMNPQRSTU'[number % 10]}{number * 7919 % 10_000:04d}"
    leaves = now + timedelta(minutes=story.chance.uniform(30, 95))
    _pass_gate(story, plate, Direction.IN, now - timedelta(minutes=15))
    story.plan(now + timedelta(minutes=5), partial(_bind_plate, member_id, plate))
    if leaves + timedelta(minutes=6) < story.end:
        story.plan(leaves, partial(_pay_parking, member_id))
        out = leaves + timedelta(minutes=6)
        story.plan(out, partial(_pass_gate, story, plate, Direction.OUT, out))


def _pass_gate(story: Storyteller, plate: str, direction: Direction, at: datetime) -> None:
    passage = GateReport(
        event_id=f"demo-{plate}-{direction.value}",
        car_park_code=CAR_PARK,
        lane="1",
        plate=plate,
        direction=direction,
        occurred_at=at,
    )
    with atomic():
        parking.record_gate_report(passage, mall_id=story.built.malls["YH"].id, now=clock.now())


def _bind_plate(member_id: int, plate: str) -> None:
    with atomic():
        parking.bind_plate(member_id, plate, now=clock.now())


def _pay_parking(member_id: int) -> None:
    """With what the fee page proposes; two hours of the coupon cover it."""
    now = clock.now()
    with atomic():
        [parked] = session_queries.list_parked(member_id)
        offer = parking.quote_stay(member_id, parked.session.public_id, now=now)
        coupon_ids = [cover.coupon_id for cover in offer.proposal.coupons]
        wish = parking.PaymentChoice(
            quote_id=offer.quote.public_id, coupon_ids=coupon_ids, points=offer.proposal.points
        )
        parking.begin_payment(member_id, parked.session.public_id, wish, payer=None, now=now)


def _join(story: Storyteller, number: int) -> int:
    now = clock.now()
    entrance = story.chance.choice(story.built.entrances)
    phone = f"137{number:04d}{story.chance.randrange(10_000):04d}"
    with atomic():
        arrival = joining.Arrival(entrance=entrance, visit_key=f"demo-visit-{number:05d}")
        index = phones.phone_index(phone)
        identities = {IdentityKind.PHONE: index}
        if number % 5:  # the others have never opened the mini-program
            identities[IdentityKind.MINI_OPENID] = f"demo-openid-{number:05d}"
        member = joining.recognise_member(identities, arrival=arrival, home_mall_id=entrance.mall_id, now=now)
        joined = joining.join_member(
            member.id, consent_version=consents.DEFAULT_VERSION, phone=phone, channel="sms", arrival=arrival, now=now
        )
        return joined.member.id


def _do_tasks(story: Storyteller, member_id: int) -> None:
    categories = story.chance.sample(sorted(preferences.CATEGORIES), k=3)
    with atomic():
        newbie_tasks.tell_preferences(member_id, categories=categories, now=clock.now())
    story.plan(clock.now() + timedelta(minutes=1), partial(_claim_coupon, story, member_id))
    if story.chance.random() < 0.6:
        story.plan(clock.now() + timedelta(minutes=2), partial(_subscribe, member_id))


def _claim_coupon(story: Storyteller, member_id: int) -> None:
    offers = grants_queries.list_granted(
        _member(member_id).home_mall_id, trigger="task:first_order_coupon", now=clock.now()
    )
    offer = story.chance.choice(offers)
    with atomic():
        newbie_tasks.claim_first_order_coupon(member_id, campaign_public_id=offer.public_id, now=clock.now())


def _subscribe(member_id: int) -> None:
    with atomic():
        newbie_tasks.subscribe_to_reminders(
            member_id,
            results={"benefit": "accept", "member_day": "accept"},
            fact=Fact("demo-subscribe"),
            now=clock.now(),
        )


def _member(member_id: int) -> Member:
    return identity_queries.get_member(member_id)


def _visit(story: Storyteller, member_id: int, receipt: int) -> None:
    """Buy something in the member's mall, with a coupon where one fits."""
    mall_id = _member(member_id).home_mall_id
    plans = [plan for plan in directory.STORES if plan.category != "parking" and _mall_of(story, plan) == mall_id]
    plan = story.chance.choice(plans)
    store = story.built.stores[plan.code]
    amount = int(plan.ticket_fen * story.chance.uniform(0.6, 1.8)) // 10 * 10
    with atomic():
        amount -= _use_coupon(story, member_id, store, amount)
    story.plan(clock.now() + timedelta(minutes=2), partial(_ring_up, member_id, store, receipt, amount))


def _ring_up(member_id: int, store: Store, receipt: int, amount_fen: int) -> None:
    now = clock.now()
    with atomic():
        purchases.record_purchase(
            Receipt(
                source="pos",
                receipt_no=f"DEMO{receipt:07d}",
                store_code=store.code,
                occurred_at=now,
                amount_fen=amount_fen,
            ),
            store,
            purchases.Buyer(card_no=_member(member_id).card_no),
            now=now,
        )


def _mall_of(story: Storyteller, plan: directory.DemoStore) -> int:
    return story.built.malls[plan.mall].id


def _use_coupon(story: Storyteller, member_id: int, store: Store, amount_fen: int) -> int:
    """Use the first coupon the store takes; returns what it saved, in fen."""
    now = clock.now()
    usable = benefit_queries.list_usable_in_store(member_id, store_id=store.id, now=now)
    till = _till(store, story.built.clerks[store.code])
    for facts in usable:
        if facts.min_spend_fen <= amount_fen:
            return redemptions.redeem_coupon(facts.code, till, spend_fen=amount_fen, now=now).discount_fen
    return 0


def _till(store: Store, clerk: Staff) -> Till:
    return Till(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        floor=store.floor,
        staff_id=clerk.id,
        staff_name=clerk.name,
    )
