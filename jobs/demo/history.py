"""What the demo's members have done in the weeks before today, through the real flows with the clock set back."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.benefits import queries as benefit_queries
from app.flows import joining, newbie_tasks, parking, purchases, redemptions
from app.identity import consents, entrances, preferences
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind, Member
from app.identity.staff_models import Staff
from app.kernel import clock
from app.kernel.db import atomic
from app.malls.models import Store
from app.parking import queries as parking_queries
from app.parking.models import Direction
from app.parking.passages import Passage
from app.purchases.rules import Receipt
from jobs.demo import directory
from jobs.demo.mall import CAR_PARK, Built

EARLIER_MEMBERS = 28  # spread over the whole time; the last days below are busier
LAST_DAYS = 14
SEED = 20_260_901


@dataclass(slots=True)
class Storyteller:
    """Chance and time of the demo; the same seed tells the same story."""

    built: Built
    start: datetime
    end: datetime
    chance: random.Random

    @contextmanager
    def moment(self, at: datetime) -> Iterator[datetime]:
        """One act: the clock at `at`, one unit of work."""
        with clock.freeze(min(at, self.end)), atomic():
            yield clock.now()


def tell(built: Built, *, start: datetime, end: datetime, progress: Callable[[int, int], None]) -> None:
    """Let people pass by, join between start and end, do their tasks, park, buy, and use coupons."""
    story = Storyteller(built, start, end, random.Random(SEED))  # noqa: S311  a demo, not a secret
    joins = sorted(_joining_times(story))
    _glance(story)
    member_ids = []
    for number, joined_at in enumerate(joins):
        member_ids.append(_live(story, number, joined_at))
        progress(number + 1, len(joins))
    for number, member_id in enumerate(story.chance.sample(member_ids, k=min(6, len(member_ids)))):
        at = _hour_of(story, clock.business_date(end))
        if at < end:
            _visit(story, member_id, 900_000 + number, at)


def _joining_times(story: Storyteller) -> list[datetime]:
    """A few in every week, two or three on each of the last days."""
    span = story.end - story.start
    days = [clock.business_date(story.start + span * (number / EARLIER_MEMBERS)) for number in range(EARLIER_MEMBERS)]
    today = clock.business_date(story.end)
    days += [today - timedelta(days=back) for back in range(LAST_DAYS) for _ in range(story.chance.choice([1, 2, 3]))]
    times = [_hour_of(story, day) for day in [*days, today]]
    return [at for at in times if story.start < at < story.end]


def _hour_of(story: Storyteller, day: date) -> datetime:
    """Malls are open from ten to ten; today only until now."""
    midnight = clock.start_of_day(day)
    latest = min(21.5, (story.end - midnight) / timedelta(hours=1))
    return midnight + timedelta(hours=story.chance.uniform(10, max(10.0, latest)))


def _glance(story: Storyteller) -> None:
    """Most who scan look and leave; they are counted all the same."""
    day, last = clock.business_date(story.start), clock.business_date(story.end)
    while day <= last:
        for number in range(story.chance.randint(2, 7)):
            at = _hour_of(story, day)
            if at < story.end:
                with story.moment(at) as now:
                    entrance = story.chance.choice(story.built.entrances)
                    entrances.record_scan(entrance.id, visit_key=f"demo-glance-{day:%m%d}-{number:02d}", now=now)
        day += timedelta(days=1)


def _live(story: Storyteller, number: int, joined_at: datetime) -> int:
    """One member's way up to now; returns their id."""
    member_id = _join(story, number, joined_at)
    if story.chance.random() < 0.8:
        _do_tasks(story, member_id, joined_at + timedelta(minutes=3))
    if story.chance.random() < 0.6:
        _park(story, member_id, number, joined_at)
    at = joined_at + timedelta(minutes=story.chance.uniform(20, 90))
    for visit in range(story.chance.choice([0, 1, 1, 2, 3, 5])):
        if at < story.end:
            _visit(story, member_id, number * 100 + visit, at)
        at = _hour_of(story, clock.business_date(at) + timedelta(days=story.chance.randint(1, 8)))
    return member_id


def _park(story: Storyteller, member_id: int, number: int, joined_at: datetime) -> None:
    """They came by car and joined in the mall: the coupon pays the stay, if it is over by now."""
    if _member(member_id).home_mall_id != story.built.malls["YH"].id:
        return
    plate = f"沪A{'KLMNPQRSTU'[number % 10]}{number * 7919 % 10_000:04d}"
    _pass_gate(story, plate, Direction.IN, joined_at - timedelta(minutes=15))
    with story.moment(joined_at + timedelta(minutes=5)) as now:
        parking.plate_bound(member_id, plate, now=now)
    leaves = joined_at + timedelta(minutes=story.chance.uniform(30, 95))
    if leaves + timedelta(minutes=6) < story.end:
        _pay_parking(story, member_id, leaves)
        _pass_gate(story, plate, Direction.OUT, leaves + timedelta(minutes=6))


def _pass_gate(story: Storyteller, plate: str, direction: Direction, at: datetime) -> None:
    event_id = f"demo-{plate}-{direction.value}"
    with story.moment(at) as now:
        passage = Passage(
            event_id=event_id, car_park_code=CAR_PARK, lane="1", plate=plate, direction=direction, occurred_at=now
        )
        parking.car_passes(passage, mall_id=story.built.malls["YH"].id, now=now)


def _pay_parking(story: Storyteller, member_id: int, at: datetime) -> None:
    """With what the fee page proposes; two hours of the coupon cover it."""
    with story.moment(at) as now:
        [parked] = parking_queries.list_parked(member_id)
        offer = parking.stay_quoted(member_id, parked.session.public_id, now=now)
        coupon_ids = [cover.coupon_id for cover in offer.proposal.coupons]
        wish = parking.Wish(quote_id=offer.quote.public_id, coupon_ids=coupon_ids, points=offer.proposal.points)
        parking.payment_begun(member_id, parked.session.public_id, wish, payer=None, now=now)


def _join(story: Storyteller, number: int, at: datetime) -> int:
    entrance = story.chance.choice(story.built.entrances)
    phone = f"137{number:04d}{story.chance.randrange(10_000):04d}"
    with story.moment(at) as now:
        arrival = joining.Arrival(entrance=entrance, visit_key=f"demo-visit-{number:05d}")
        index = identity_queries.phone_index(phone)
        member = joining.member_recognised(
            {IdentityKind.PHONE: index}, arrival=arrival, home_mall_id=entrance.mall_id, now=now
        )
        joined = joining.member_joins(
            member.id, consent_version=consents.DEFAULT_VERSION, phone=phone, channel="sms", arrival=arrival, now=now
        )
        return joined.member.id


def _do_tasks(story: Storyteller, member_id: int, at: datetime) -> None:
    categories = story.chance.sample(sorted(preferences.CATEGORIES), k=3)
    with story.moment(at) as now:
        newbie_tasks.preferences_told(member_id, categories=categories, now=now)
    member = _member(member_id)
    offers = benefit_queries.list_granted(member.home_mall_id, trigger="task:first_order_coupon")
    with story.moment(at + timedelta(minutes=1)) as now:
        newbie_tasks.first_order_coupon_claimed(
            member_id, campaign_public_id=story.chance.choice(offers).public_id, now=now
        )
    if story.chance.random() < 0.6:
        with story.moment(at + timedelta(minutes=2)) as now:
            newbie_tasks.reminders_subscribed(
                member_id, results={"benefit": "accept", "member_day": "accept"}, fact="demo-subscribe", now=now
            )


def _member(member_id: int) -> Member:
    return identity_queries.get_member(member_id)


def _visit(story: Storyteller, member_id: int, receipt: int, at: datetime) -> None:
    """Buy something in the member's mall, with a coupon where one fits."""
    mall_id = _member(member_id).home_mall_id
    plans = [plan for plan in directory.STORES if plan.category != "parking" and _mall_of(story, plan) == mall_id]
    plan = story.chance.choice(plans)
    store = story.built.stores[plan.code]
    amount = int(plan.ticket_fen * story.chance.uniform(0.6, 1.8)) // 10 * 10
    with story.moment(at) as now:
        amount -= _use_coupon(story, member_id, store, amount, now)
    with story.moment(at + timedelta(minutes=2)) as now:
        purchases.purchase_recorded(
            Receipt(
                source="pos", receipt_no=f"DEMO{receipt:07d}", store_code=store.code, occurred_at=now,
                amount_fen=amount,
            ),
            store, purchases.Buyer(card_no=_member(member_id).card_no), now=now,
        )  # fmt: skip


def _mall_of(story: Storyteller, plan: directory.DemoStore) -> int:
    return story.built.malls[plan.mall].id


def _use_coupon(story: Storyteller, member_id: int, store: Store, amount_fen: int, now: datetime) -> int:
    """Use the first coupon the store takes; returns what it saved, in fen."""
    usable = benefit_queries.list_usable_in_store(member_id, store_id=store.id, now=now)
    till = _till(store, story.built.clerks[store.code])
    for facts in usable:
        if facts.min_spend_fen <= amount_fen:
            return redemptions.coupon_redeemed(facts.code, till, spend_fen=amount_fen, now=now).discount_fen
    return 0


def _till(store: Store, clerk: Staff) -> redemptions.Till:
    return redemptions.Till(
        mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id, store_name=store.name,
        floor=store.floor, staff_id=clerk.id, staff_name=clerk.name,
    )  # fmt: skip
