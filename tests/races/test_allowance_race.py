"""The job twice and a rise at the same moment: a member gets a period's coupon once; and what would happen without."""

import threading
from datetime import date
from functools import partial

from flask import Flask
from sqlalchemy import func, select

from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import coupons
from app.benefits.coupons.models import Coupon
from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Allowance, Benefits, Rhythm, TierGives
from app.flows import allowances
from app.kernel import clock
from app.kernel.db import atomic, db
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.tasks import make_tiers
from tests.support.races import PATIENCE_S, race, winners

CALLERS = 6


def _member_of_a_tier_that_gives() -> tuple[int, int]:
    with atomic():
        make_tiers()
        mall = make_mall()
        campaign = make_campaign(mall)
        gives = TierGives(allowances=(Allowance(campaign.public_id, Rhythm.WEEK),))
        said = Benefits({"silver": gives})
        benefits.open_with(mall.id, said, effective_from=date(2020, 1, 1), by="王", now=clock.now())
        return make_member(mall).id, campaign.id


def _give(member_id: int) -> int:
    with atomic():
        return allowances.give_missing(member_id, now=clock.now())


def _give_unguarded(member_id: int, campaign_id: int, looked: threading.Barrier, caller: int) -> int:
    """Looks whether there is one, and gives it under a name of its own: nothing is there to say that it was given."""
    with atomic():
        if _count(member_id):
            return 0
        campaign = db.session.get_one(Campaign, campaign_id)
        looked.wait(PATIENCE_S)  # everybody has looked before anybody gives
        key = f"caller:{caller}"
        coupon = coupons.make(
            member_id, campaign, held=0, grant_key=key, trigger="test", entrance_id=None, now=clock.now()
        )
        coupons.write([coupon])
        return 1


def _count(member_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Coupon).where(Coupon.member_id == member_id)) or 0


def test_of_many_who_give_one_does(committed_app: Flask) -> None:
    member_id, _ = _member_of_a_tier_that_gives()
    results = race(committed_app, [partial(_give, member_id)] * CALLERS)
    assert sorted(winners(results)) == [0] * (CALLERS - 1) + [1]
    assert _count(member_id) == 1


def test_without_the_row_several_give(committed_app: Flask) -> None:
    member_id, campaign_id = _member_of_a_tier_that_gives()
    looked = threading.Barrier(CALLERS)
    race(committed_app, [partial(_give_unguarded, member_id, campaign_id, looked, number) for number in range(CALLERS)])
    assert _count(member_id) == CALLERS
