"""A car has one parking gift of joining, whoever owned it: plates change owners, and are unbound before leaving."""

from datetime import timedelta

from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.flows import parking
from app.former import memory
from app.identity.models import IdentityKind, Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.parking.payment import quotes
from app.parking.sessions import queries as session_queries
from tests.builders.parking import PLATE, Ground, make_ground
from tests.flows.coming_back import join, leave, open_mall
from tests.support.clock import StillClock

ANOTHER = "13912345678"


def coupons_for(ground: Ground, member: Member) -> int:
    [parked] = session_queries.list_parked(member.id)
    return len(quotes.list_usable(member.id, parked, now=app_clock.now()))


def test_a_car_has_one_parking_gift_whoever_owns_it_by_then(clock: StillClock) -> None:
    ground = make_ground()
    mall = open_mall(ground.mall)
    first = join(mall).member
    assert parking.bind_plate(first.id, PLATE, now=app_clock.now()) == (PLATE, 1, False)
    leave(first)
    other = join(mall, phone=ANOTHER)
    assert (len(other.granted), other.had_before) == (2, False)
    assert parking.bind_plate(other.member.id, PLATE, now=app_clock.now()) == (PLATE, 0, True)
    ground.comes()
    assert coupons_for(ground, other.member) == 0
    assert parking.bind_plate(other.member.id, "沪B88888", now=app_clock.now()) == ("沪B88888", 1, False)
    clock.advance(days=365)
    assert memory.list_known([(IdentityKind.PLATE.value, PLATE)], now=app_clock.now()) == []
    assert app_clock.now() - first.created_at == timedelta(days=365)


def test_a_cars_gift_is_remembered_also_when_its_plate_was_unbound_before_leaving(clock: StillClock) -> None:
    ground = make_ground()
    mall = open_mall(ground.mall)
    first = join(mall).member
    parking.bind_plate(first.id, PLATE, now=app_clock.now())
    coupon = db.session.scalars(select(Coupon).where(Coupon.member_id == first.id, Coupon.plate == PLATE)).one()
    coupon.status, coupon.redeemed_at = "redeemed", app_clock.now()
    db.session.flush()
    parking.unbind_plate(first.id, PLATE, now=app_clock.now())
    leave(first)
    other = join(mall, phone=ANOTHER).member
    assert parking.bind_plate(other.id, PLATE, now=app_clock.now()) == (PLATE, 0, True)
