"""What a purchase earns: one sum, rounded once, and parts that add up to it."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.earning import documents, rule_sets
from app.points.earning.errors import EarningRulesInvalid
from app.points.earning.extras import (
    BirthdayExtra,
    CampaignExtra,
    Extra,
    FirstOrderExtra,
    MemberDayExtra,
    Payer,
    SegmentExtra,
    Spending,
    TierExtra,
)
from app.points.earning.rules import Rules, break_down

pytestmark = pytest.mark.no_database

DAY = date(2026, 3, 11)  # a Wednesday
ALWAYS = MemberDayExtra(bps=10_000, weekdays=(3,))


def spent(yuan: int = 286, **told: object) -> Spending:
    return Spending(amount_fen=yuan * 100, store_code="HG", category_code="food", **told)  # type: ignore[arg-type]


@pytest.mark.requirement("S3.10")
def test_a_member_day_and_a_tier_add_up_on_the_base() -> None:
    rules = Rules(extras=(ALWAYS, TierExtra(bps=1_000, tier="gold", title="金卡")))
    found = break_down(spent(tier_code="gold"), rules, day=DAY)
    assert [(part.points, part.payer) for part in found.parts] == [
        (286, Payer.MERCHANT),
        (286, Payer.MALL),
        (28, Payer.MALL),
    ]
    assert found.points == 600 and found.paid_by(Payer.MALL) == 314


@pytest.mark.parametrize(
    ("rules", "rate_bps"),
    [
        (Rules(mall_rate_bps=5_000), 5_000),
        (Rules(category_rates_bps={"food": 20_000}), 20_000),
        (Rules(category_rates_bps={"food": 20_000}, store_rates_bps={"HG": 0}), 0),
        (Rules(category_rates_bps={"toys": 20_000}, store_rates_bps={"XX": 0}), 10_000),
    ],
)
def test_the_most_particular_rate_holds(rules: Rules, rate_bps: int) -> None:
    found = break_down(spent(100), rules, day=DAY)
    assert (found.rate_bps, found.points) == (rate_bps, rate_bps // 100)


@pytest.mark.parametrize(
    ("extra", "told", "day", "holds"),
    [
        (BirthdayExtra(bps=1), {"birthday": DAY}, DAY, True),
        (BirthdayExtra(bps=1), {"birthday": DAY}, DAY + timedelta(days=1), False),
        (BirthdayExtra(bps=1, whole_month=True), {"birthday": DAY}, DAY + timedelta(days=1), True),
        (BirthdayExtra(bps=1, whole_month=True), {}, DAY, False),
        (MemberDayExtra(bps=1, month_days=(11,)), {}, DAY, True),
        (MemberDayExtra(bps=1, weekdays=(4,), month_days=(10,)), {}, DAY, False),
        (FirstOrderExtra(bps=1), {"is_first": True}, DAY, True),
        (FirstOrderExtra(bps=1), {}, DAY, False),
        (CampaignExtra(bps=1, title="春", first_day=DAY, last_day=DAY), {}, DAY, True),
        (CampaignExtra(bps=1, title="春", first_day=DAY, last_day=DAY), {}, DAY + timedelta(days=1), False),
        (CampaignExtra(bps=1, title="春", first_day=DAY, last_day=DAY, stores=("XX",)), {}, DAY, False),
        (CampaignExtra(bps=1, title="春", first_day=DAY, last_day=DAY, categories=("food",)), {}, DAY, True),
        (SegmentExtra(bps=1, segment="s1", title="熟客"), {"segments": {"s1"}}, DAY, True),
        (SegmentExtra(bps=1, segment="s1", title="熟客"), {"segments": {"s2"}}, DAY, False),
    ],
)
def test_an_extra_holds_where_it_says(extra: Extra, told: dict[str, object], day: date, holds: bool) -> None:
    assert extra.applies(spent(**told), day) is holds


_EXTRAS = st.lists(st.builds(MemberDayExtra, bps=st.integers(1, 50_000), weekdays=st.just((3,))), max_size=5)


@given(st.integers(0, 10**9), st.integers(0, 50_000), _EXTRAS)
def test_parts_add_up_to_the_whole_rounded_down_once(amount_fen: int, rate_bps: int, extras: list[Extra]) -> None:
    rules = Rules(mall_rate_bps=rate_bps, extras=tuple(extras))
    spending = Spending(amount_fen=amount_fen, store_code="HG", category_code="food")
    found = break_down(spending, rules, day=DAY)
    factor = 1 + Fraction(sum(extra.bps for extra in extras), 10_000)
    assert found.points == Fraction(amount_fen, 100) * Fraction(rate_bps, 10_000) * factor // 1
    assert all(part.points >= 0 for part in found.parts)
    assert found.paid_by(Payer.MERCHANT) == amount_fen * rate_bps // 1_000_000


def test_rules_are_the_same_after_they_were_kept() -> None:
    rules = Rules(
        mall_rate_bps=5_000,
        category_rates_bps={"food": 20_000},
        store_rates_bps={"HG": 0},
        extras=(
            TierExtra(bps=1_000, tier="gold", title="金卡", payer=Payer.MERCHANT),
            BirthdayExtra(bps=10_000, whole_month=True),
            MemberDayExtra(bps=10_000, weekdays=(2,), month_days=(8,)),
            FirstOrderExtra(bps=10_000),
            CampaignExtra(bps=5_000, title="春", first_day=DAY, last_day=DAY, categories=("food",), stores=("HG",)),
            SegmentExtra(bps=2_000, segment="s1", title="熟客"),
        ),
    )
    assert documents.to_rules(documents.to_document(rules)) == rules


@pytest.mark.parametrize(
    "rules",
    [
        Rules(mall_rate_bps=-1),
        Rules(store_rates_bps={"HG": 2_000_000}),
        Rules(extras=(FirstOrderExtra(bps=0),)),
        Rules(extras=(FirstOrderExtra(bps=1),) * 31),
        Rules(extras=(CampaignExtra(bps=1, title="春", first_day=DAY, last_day=DAY - timedelta(days=1)),)),
    ],
)
def test_rules_that_say_nothing_sensible_are_refused(rules: Rules) -> None:
    with pytest.raises(EarningRulesInvalid):
        rule_sets.ensure_sensible(rules)
