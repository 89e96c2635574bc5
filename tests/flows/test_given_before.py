"""What tiers gave for a period, and acts that earn once, bring nothing again to who leaves and comes back."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.benefits.coupons.models import Coupon
from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Allowance, Benefits, Rhythm, TierGives
from app.flows import allowances
from app.identity import plates
from app.identity.models import Member
from app.identity.profiles import profiles
from app.identity.profiles.rules import Birthday
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.malls.models import Mall
from app.points.earning import rule_sets
from app.points.earning.acts import ActKind, ActRule
from app.points.earning.rules import Rules
from app.points.ledger import queries as points_queries
from app.workers.points import acts as worker
from tests.builders.benefits import make_campaign
from tests.builders.malls import make_mall
from tests.flows.coming_back import join, leave, open_mall
from tests.support.clock import StillClock

ANOTHER = "13912345678"


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return open_mall(make_mall())


def test_what_a_tier_gave_for_a_period_is_not_given_again_within_it(mall: Mall, clock: StillClock) -> None:
    clock.set(datetime(2026, 11, 30, 10, tzinfo=app_clock.MALL_ZONE))
    monthly, of_birthday = make_campaign(mall), make_campaign(mall)
    rhythms = {monthly: Rhythm.MONTH, of_birthday: Rhythm.BIRTHDAY}
    gives = TierGives(allowances=[Allowance(one.public_id, rhythm) for one, rhythm in rhythms.items()])
    benefits.open_with(
        mall.id, Benefits({"silver": gives}), effective_from=date(2026, 1, 1), by="王", now=app_clock.now()
    )

    def list_given(member: Member, *, born: int) -> list[str]:
        profiles.tell_birthday(member.id, Birthday(born, 1), now=app_clock.now())
        allowances.give_missing(member.id, now=app_clock.now())
        rows = select(Coupon.trigger).where(Coupon.member_id == member.id, Coupon.trigger.startswith("tier:"))
        return sorted(db.session.scalars(rows))

    first = join(mall).member
    assert list_given(first, born=11) == ["tier:silver:birthday", "tier:silver:month"]
    leave(first)
    again = join(mall).member
    assert list_given(again, born=11) == []
    leave(again)
    clock.advance(days=1)
    assert list_given(join(mall).member, born=12) == ["tier:silver:month"]


def test_acts_that_earn_once_earn_nothing_again(mall: Mall, clock: StillClock) -> None:
    plate_rule = Rules(acts=(ActRule(kind=ActKind.PLATE, points=30),))
    rule_sets.open_with(mall.id, plate_rule, effective_from=date(2026, 1, 1), by="王", now=app_clock.now())

    def earned_by_a_plate(member: Member, plate: str) -> int:
        plates.bind(member.id, plate, now=app_clock.now())
        clock.advance(days=1)
        while worker.credit_acts()[1]:
            pass
        return points_queries.get_balance(member.id).available_points

    first = join(mall).member
    assert earned_by_a_plate(first, "沪A12345") == 30
    leave(first)
    assert earned_by_a_plate(join(mall).member, "沪A54321") == 0
    assert earned_by_a_plate(join(mall, phone=ANOTHER).member, "沪A99999") == 30
