"""Campaigns for members on some tiers: who may have a coupon, by whichever way, and what the others are told."""

from datetime import date, timedelta

import pytest

from app.benefits.campaigns import audience, campaigns, revisions
from app.benefits.campaigns.errors import CampaignForOtherTiers, CampaignInvalid
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.campaigns.rules import Offer
from app.benefits.coupons import coupons
from app.benefits.exchanges import queries
from app.benefits.grants import grants, offering
from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.errors import TierBenefitsInvalid
from app.benefits.tier_benefits.rules import Allowance, Benefits, Rhythm, TierGives
from app.flows.consequences.rewards import growing
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.malls.models import Mall
from app.points.ledger import queries as points_queries
from app.tiers.growth.bulk import Credit
from app.tiers.ladders import ladders
from tests.builders.benefits import make_campaign
from tests.builders.exchanges import exchange, make_priced
from tests.builders.malls import make_mall
from tests.builders.till_points import make_saver
from tests.support.clock import StillClock

UPPER = ["gold", "platinum", "diamond"]


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    ladders.begin_with(ladders.DEFAULT, now=app_clock.now())
    return make_mall()


@pytest.fixture
def silver(mall: Mall) -> Member:
    return make_saver(1_000, mall=mall)


@pytest.fixture
def gold(mall: Mall) -> Member:
    member, now = make_saver(1_000, mall=mall), app_clock.now()
    growing.grow(Credit(member.id, 2_000, note("试"), Fact("test"), now), now=now)
    return member


def issue(member: Member, campaign: Campaign, key: str = "test") -> str:
    return coupons.issue(
        member.id, campaign, grant_key=key, trigger="test", entrance_id=None, now=app_clock.now()
    ).status


def test_points_buy_it_for_its_tiers_alone(mall: Mall, silver: Member, gold: Member) -> None:
    campaign = make_priced(mall, 500, tier_codes=UPPER)
    assert exchange(gold, campaign).status == "done"
    with pytest.raises(CampaignForOtherTiers) as refused:
        exchange(silver, campaign)
    assert refused.value.facts == {"tiers": ["金卡+"]}
    assert points_queries.get_balance(silver.id).available_points == 1_000
    offers = {
        member: [one.tiers for one in queries.list_offers(member.id, mall_id=mall.id, now=app_clock.now())]
        for member in (silver, gold)
    }
    assert offers == {silver: [["金卡+"]], gold: [()]}


def test_given_by_hand_or_by_a_trigger_it_reaches_its_tiers_alone(mall: Mall, silver: Member, gold: Member) -> None:
    campaign, now = make_campaign(mall, tier_codes=UPPER), app_clock.now()
    with pytest.raises(CampaignForOtherTiers):
        issue(silver, campaign)
    assert issue(gold, campaign) == "issued"
    joined = make_campaign(mall, tier_codes=UPPER)
    grants.grant_on(mall.id, grants.JOIN, joined.id, position=1)
    given = {
        member: grants.grant(member.id, trigger=grants.JOIN, mall_id=mall.id, entrance_id=None, now=now)
        for member in (silver, gold)
    }
    assert (len(given[silver]), len(given[gold])) == (0, 1)
    assert offering.list_available(mall.id, trigger=grants.JOIN, now=now) == []


def test_a_change_of_whom_it_is_for_holds_from_its_moment(mall: Mall, silver: Member, clock: StillClock) -> None:
    campaign, now = make_campaign(mall), app_clock.now()
    offer = Offer(
        title=campaign.title,
        summary=campaign.summary,
        kind=CampaignKind(campaign.kind),
        face_fen=campaign.face_fen,
        valid_days=campaign.valid_days,
        per_member_limit=5,
        tier_codes=UPPER,
    )
    begins = now + timedelta(hours=1)
    revisions.plan(campaign.id, 1, offer, store_ids=None, effective_from=begins, now=now, by="王")
    assert issue(silver, campaign) == "issued"
    clock.advance(hours=1)
    with pytest.raises(CampaignForOtherTiers):
        issue(silver, campaign, "later")


def test_a_tier_gives_no_coupon_that_is_not_for_it(mall: Mall) -> None:
    campaign = make_campaign(mall, tier_codes=UPPER)
    gives = TierGives(allowances=(Allowance(campaign.public_id, Rhythm.MONTH),))
    with pytest.raises(TierBenefitsInvalid) as refused:
        benefits.open_with(
            mall.id, Benefits({"silver": gives}), effective_from=date(2020, 1, 1), by="王", now=app_clock.now()
        )
    assert refused.value.facts == {"problems": ["audience"]}


def test_nobody_is_not_somebody(mall: Mall) -> None:
    offer = Offer(title="券", summary="", kind=CampaignKind.CASH, face_fen=1, valid_days=1, tier_codes=[])
    with pytest.raises(CampaignInvalid):
        campaigns.create(mall.id, "none", offer, store_ids=None, now=app_clock.now())


@pytest.mark.parametrize(
    ("codes", "said"),
    [(UPPER, ["金卡+"]), (["diamond"], ["钻石卡"]), (["diamond", "silver"], ["银卡", "钻石卡"])],
)
def test_tiers_are_named_from_the_lowest_up(codes: list[str], said: list[str]) -> None:
    names = {rung.code: rung.name for rung in ladders.DEFAULT.rungs}
    assert audience.named(codes, names) == said
