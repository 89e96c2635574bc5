"""What tiers give by the calendar: by the flow that raises or by the job, once for each member, tier and period."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons.models import Coupon
from app.benefits.tier_benefits import benefits, rules
from app.benefits.tier_benefits.errors import TierBenefitsInvalid
from app.benefits.tier_benefits.models import TierAllowance
from app.benefits.tier_benefits.rules import Allowance, Benefits, Priority, Rhythm, StoreDiscount, TierGives
from app.flows.consequences.rewards import growing
from app.flows.members import merging
from app.identity.models import Member
from app.identity.profiles.models import MemberProfile
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.malls.models import Mall
from app.tiers.growth.bulk import Credit
from app.workers.tiers import allowances as worker
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock

WEDNESDAY = date(2026, 5, 13)


def at(day: date, hour: int = 10) -> datetime:
    return app_clock.start_of_day(day) + timedelta(hours=hour)


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    clock.set(at(WEDNESDAY))
    make_tiers()
    return make_mall()


@pytest.fixture
def parking(mall: Mall) -> Campaign:
    return make_campaign(mall, title="2 小时停车券", kind=CampaignKind.PARKING, parking_minutes=120)


def hold(mall: Mall, **by_tier: TierGives) -> None:
    benefits.open_with(mall.id, Benefits(by_tier), effective_from=date(2026, 1, 1), by="王", now=app_clock.now())


def grow(member: Member, growth: int, fact: str = "test") -> None:
    now = app_clock.now()
    growing.grow(Credit(member.id, growth, note("试"), Fact(fact), now), now=now)


def triggers(member: Member) -> list[str]:
    rows = select(Coupon.trigger).where(Coupon.member_id == member.id).order_by(Coupon.issued_at, Coupon.id)
    return list(db.session.scalars(rows))


def weekly(campaign: Campaign, number: int = 1) -> TierGives:
    return TierGives(allowances=(Allowance(campaign.public_id, Rhythm.WEEK, number),))


@pytest.mark.requirement("S0.34")
@pytest.mark.requirement("S1.12")
def test_silver_gets_one_a_month_gold_one_a_week_at_once_with_rising_and_then_by_the_job(
    mall: Mall, parking: Campaign, clock: StillClock
) -> None:
    monthly = TierGives(allowances=(Allowance(parking.public_id, Rhythm.MONTH),))
    hold(mall, silver=monthly, gold=weekly(parking))
    silver, gold = make_member(mall), make_member(mall)
    grow(gold, 2_000)
    assert triggers(gold) == ["tier:gold:week"]
    for day in range(20):  # to the 1st of June, two Mondays and a new month later
        clock.set(at(WEDNESDAY + timedelta(days=day)))
        worker.give_allowances()
        worker.give_allowances()
    assert triggers(silver) == ["tier:silver:month"] * 2
    assert triggers(gold) == ["tier:gold:week"] * 4


def test_a_job_that_slept_gives_what_is_due_now_and_no_more(mall: Mall, parking: Campaign, clock: StillClock) -> None:
    hold(mall, silver=weekly(parking, 2))
    member = make_member(mall)
    assert worker.give_allowances() == 2
    clock.set(at(WEDNESDAY + timedelta(days=40)))
    assert [worker.give_allowances() for _ in range(2)] == [2, 0]
    assert len(triggers(member)) == 4


@pytest.mark.requirement("S0.41")
def test_a_yearly_pack_that_a_merchant_pays_comes_once_a_year(mall: Mall, clock: StillClock) -> None:
    spa = make_campaign(mall, stores=[make_store(mall)], title="护理体验", mall_share_bps=0)
    hold(mall, gold=TierGives(allowances=(Allowance(spa.public_id, Rhythm.YEAR, 2),)))
    member = make_member(mall)
    grow(member, 2_000)
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)):
        clock.set(at(day))
        worker.give_allowances()
    assert triggers(member) == ["tier:gold:year"] * 4
    shares = select(Coupon.merchant_share_bps).where(Coupon.member_id == member.id)
    assert set(db.session.scalars(shares)) == {10_000}


@pytest.mark.requirement("S3.10")
def test_a_birthday_gift_comes_once_in_its_month_whichever_tier(
    mall: Mall, parking: Campaign, clock: StillClock
) -> None:
    gift = TierGives(allowances=(Allowance(parking.public_id, Rhythm.BIRTHDAY),))
    hold(mall, silver=gift, gold=gift)
    member, other = make_member(mall), make_member(mall)
    for who, month in ((member, 6), (other, 7)):
        profile = MemberProfile(member_id=who.id, birth_month=month, birth_day=9, skipped=[], changed_at=clock.now)
        profile.birthday_first_on = WEDNESDAY
        db.session.add(profile)
    db.session.flush()
    worker.give_allowances()
    clock.set(at(date(2026, 6, 1)))
    worker.give_allowances()
    grow(member, 2_000)
    assert (triggers(member), triggers(other)) == (["tier:silver:birthday"], [])


def test_what_has_run_out_or_is_paused_is_given_to_nobody_and_not_asked_for_again(
    mall: Mall, parking: Campaign, clock: StillClock
) -> None:
    hold(mall, silver=weekly(parking))
    parking.active = False
    member = make_member(mall)
    assert worker.give_allowances() == 0
    assert [row.coupon_id for row in db.session.scalars(select(TierAllowance))] == [None]
    assert triggers(member) == []


def test_who_was_merged_into_another_brings_no_second_coupon(mall: Mall, parking: Campaign, clock: StillClock) -> None:
    hold(mall, silver=weekly(parking))
    elder, younger = make_member(mall), make_member(mall)
    worker.give_allowances()
    merging.merge_members(elder.id, younger.id, keep_id=elder.id, now=clock.now)
    before = len(triggers(elder))
    clock.set(at(WEDNESDAY + timedelta(days=1)))
    assert worker.give_allowances() == 0
    assert len(triggers(elder)) == before


def test_benefits_that_name_what_is_not_there_are_refused(mall: Mall, parking: Campaign) -> None:
    elsewhere = make_campaign(make_mall(), title="别处的券")
    wrong = Benefits(
        {
            "gold": TierGives(
                allowances=(Allowance(elsewhere.public_id, Rhythm.WEEK, 11),),
                discounts=(StoreDiscount("nowhere", 10_000),),
            ),
            "wood": TierGives(priorities=(Priority.QUEUE,)),
        }
    )
    with pytest.raises(TierBenefitsInvalid) as refused:
        hold(mall, **wrong.by_tier)
    assert set(refused.value.facts["problems"]) == {"tiers", "campaigns", "numbers", "stores", "discounts"}


def test_periods_are_weeks_from_monday_months_and_years() -> None:
    assert rules.period_of(Rhythm.WEEK, date(2027, 1, 3)) == "2026-W53"
    assert rules.period_of(Rhythm.WEEK, date(2027, 1, 4)) == "2027-W01"
    assert rules.period_of(Rhythm.MONTH, date(2027, 1, 4)) == "2027-01"
    assert rules.period_of(Rhythm.YEAR, date(2027, 1, 4)) == "2027"
