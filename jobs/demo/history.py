"""What the demo's members have done in the weeks before today, through the real flows with the clock set back."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.benefits import queries as benefit_queries
from app.flows import joining, newbie_tasks, purchases, redemptions
from app.identity import consents, preferences
from app.identity import queries as identity_queries
from app.identity.models import IdentityKind, Member
from app.identity.staff_models import Staff
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls.models import Store
from app.purchases.rules import Receipt
from jobs.demo import directory
from jobs.demo.mall import Built

MEMBERS = 48
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
    """Let people join between start and end, do their tasks, buy, and use coupons."""
    story = Storyteller(built, start, end, random.Random(SEED))  # noqa: S311  a demo, not a secret
    span = end - start
    for number in range(MEMBERS):
        joined_at = start + span * (number / MEMBERS)
        _live(story, number, _daytime(story, joined_at))
        progress(number + 1, MEMBERS)


def _daytime(story: Storyteller, at: datetime) -> datetime:
    """Malls are open from ten to ten."""
    hour = timedelta(hours=story.chance.uniform(10, 21.5))
    return clock.start_of_day(clock.business_date(at)) + hour


def _live(story: Storyteller, number: int, joined_at: datetime) -> None:
    member_id = _join(story, number, joined_at)
    if story.chance.random() < 0.8:
        _do_tasks(story, member_id, joined_at + timedelta(minutes=3))
    visits = story.chance.choice([0, 1, 1, 2, 3, 5])
    for visit in range(visits):
        at = _daytime(story, joined_at + timedelta(days=visit * story.chance.uniform(1, 8)))
        if joined_at < at < story.end:
            _visit(story, member_id, number * 100 + visit, at)


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
        amount -= _use_coupon(member_id, store, amount, now)
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


def _use_coupon(member_id: int, store: Store, amount_fen: int, now: datetime) -> int:
    """Use the first coupon the store takes; returns what it saved, in fen."""
    usable = benefit_queries.list_usable_in_store(member_id, store_id=store.id, now=now)
    till = _till(store)
    for facts in usable:
        if facts.min_spend_fen <= amount_fen:
            return redemptions.coupon_redeemed(facts.code, till, spend_fen=amount_fen, now=now).discount_fen
    return 0


def _till(store: Store) -> redemptions.Till:
    clerk = db.session.scalars(select(Staff).order_by(Staff.id)).first()
    if clerk is None:
        raise LookupError("the demo has no staff")
    return redemptions.Till(
        mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id, store_name=store.name,
        floor=store.floor, staff_id=clerk.id, staff_name=clerk.name,
    )  # fmt: skip
