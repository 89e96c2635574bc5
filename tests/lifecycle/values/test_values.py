"""What members bring and take, a row per member and day: counted from acts done through the product's own verbs."""

from datetime import date, timedelta

from sqlalchemy import select, update

from app.flows import purchases
from app.flows import values as flow
from app.flows.purchases import Buyer
from app.flows.redemptions import redeem_coupon, reverse_redemption
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.values import values
from app.lifecycle.values.models import MemberValue, ValueDay
from app.outreach.messages.models import OutreachMessage
from app.outreach.prices import prices
from app.outreach.prices.prices import Prices
from app.purchases.rules import Receipt
from tests.builders import outreach, parking
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.parking import Ground
from tests.support.clock import StillClock

ROW = ("commission_fen", "benefits_fen", "message_cost_fen", "margin_fen", "discount_fen", "stay_minutes")


def count() -> list[date]:
    """Plan and count all that waits; returns the days, the latest first."""
    values.plan(now=app_clock.now())
    waiting = select(ValueDay.day).where(ValueDay.counted_at.is_(None)).order_by(ValueDay.day.desc())
    days = list(db.session.scalars(waiting))
    while flow.count_next_days(now=app_clock.now()) is not None:
        pass
    assert list(db.session.scalars(waiting)) == []
    return days


def kept(member: Member) -> dict[date, tuple[int, ...]]:
    one = MemberValue
    rows = db.session.execute(
        select(one.day, *(getattr(one, name) for name in ROW)).where(one.member_id == member.id)
    ).all()
    return {row.day: tuple(row)[1:] for row in rows}


def ring_up(ground: Ground, member: Member, number: str, fen: int, *, ago: timedelta, refund_of: str = "") -> None:
    receipt = Receipt(
        source="pos",
        receipt_no=number,
        store_code=ground.store.code,
        occurred_at=app_clock.now() - ago,
        amount_fen=fen,
        refund_of=refund_of or None,
    )
    buyer = Buyer(card_no=member.card_no)
    purchases.record_purchase(receipt, ground.store, buyer, now=app_clock.now())


MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_day_has_commission_less_benefits_and_messages_and_the_stay(clock: StillClock) -> None:
    ground = parking.make_ground()
    prices.publish(Prices(subscribe_fen=1_500), effective_from=date(2026, 3, 12), by="", now=clock.now)
    clock.advance(days=1)
    member = parking.make_driver(ground, points=1_000)
    ground.comes(minutes_ago=120)
    ring_up(ground, member, "R1", 20_000, ago=MINUTE)
    coupon = make_coupon(member, make_campaign(ground.mall))
    redeem_coupon(coupon.code, make_till(ground.store), spend_fen=10_000, now=clock.now)
    parking.make_paid_stay(member, points=600)
    ground.leaves()
    outreach.plan(member)
    db.session.execute(
        update(OutreachMessage)
        .where(OutreachMessage.member_id == member.id)
        .values(status="sent", sent_at=clock.now, touched_at=clock.now, reason=None)
    )
    today = app_clock.business_date(clock.now)
    clock.set(app_clock.end_of_day(today) - 5 * MINUTE)
    coupon = make_coupon(member, make_campaign(ground.mall))
    done = redeem_coupon(coupon.code, make_till(ground.store), spend_fen=10_000, now=clock.now)
    clock.advance(minutes=10)
    reverse_redemption(done.redemption_id, make_till(ground.store), now=clock.now)
    ring_up(ground, member, "R2", -20_000, ago=MINUTE, refund_of="R1")
    clock.advance(days=1, hours=1)
    assert count()[0] == today + DAY
    assert kept(member) == {
        today: (1_000, 2 * 600 + 600, 2, -802, 2_000, 120),
        today + DAY: (-1_000, -600, 0, -400, -1_000, 0),
    }
    assert count() == []  # all is counted


def test_what_is_told_late_is_counted_and_who_left_is_not(clock: StillClock) -> None:
    ground = parking.make_ground()
    member, other = make_member(ground.mall), make_member(ground.mall)
    ring_up(ground, other, "R0", 10_000, ago=MINUTE)
    clock.advance(days=1)
    count()
    long_ago = app_clock.business_date(clock.now) - 30 * DAY
    ring_up(ground, member, "R1", 10_000, ago=30 * DAY)
    values.forget([other.id])
    other.status, other.closed_at = "closed", clock.now
    db.session.flush()
    clock.advance(days=1)
    today = app_clock.business_date(clock.now)
    assert set(count()) == {today - DAY, today - 2 * DAY, today - 3 * DAY, long_ago}
    assert kept(member) == {long_ago: (500, 0, 0, 500, 0, 0)}
    assert kept(other) == {}


def test_a_row_goes_with_what_it_counted(clock: StillClock) -> None:
    """A receipt was the member's and is none any more, as after a repair: the next count takes the row away."""
    ground = parking.make_ground()
    member, other = make_member(ground.mall), make_member(ground.mall)
    ring_up(ground, member, "R1", 10_000, ago=MINUTE)
    today = app_clock.business_date(clock.now)
    clock.advance(days=1)
    count()
    ghost = MemberValue(member_id=other.id, day=today, **dict.fromkeys(ROW, 0) | {"stay_minutes": 5})
    db.session.add(ghost)
    db.session.flush()
    db.session.execute(update(ValueDay).values(counted_at=None))
    count()
    assert today in kept(member) and kept(other) == {}
