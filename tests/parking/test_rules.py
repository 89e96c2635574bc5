"""What a stay costs and the cheapest way to pay it."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.spelling import plates
from app.parking.car_parks import rules
from app.parking.car_parks.rules import Tariff
from app.parking.payment import rules as payment_rules
from app.parking.payment.errors import CouponNotNeeded
from app.parking.payment.models import PaymentStatus
from app.parking.payment.rules import ParkingCoupon
from app.parking.sessions import rules as session_rules
from app.parking.sessions.rules import Stay

pytestmark = pytest.mark.no_database

START = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)
# 30 minutes free, 6 yuan an hour, 60 yuan a day.
HOURLY = Tariff(free_minutes=30, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)
# Nothing free, 2.50 yuan each half hour, 40 yuan a day.
HALF_HOURLY = Tariff(free_minutes=0, step_minutes=30, step_fen=250, daily_cap_fen=4_000, exit_grace_minutes=20)
# A cap that 24 hours of steps never reach.
UNCAPPED = Tariff(free_minutes=15, step_minutes=60, step_fen=100, daily_cap_fen=1_000_000, exit_grace_minutes=15)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def stay_of(length: float, tariff: Tariff = HOURLY, *, settled_fen: int = 0) -> Stay:
    return Stay(tariff, START, START + minutes(length), settled_fen)


def hours(*lengths: int) -> list[ParkingCoupon]:
    """Coupons of so many minutes, numbered from 1, the first to expire first."""
    return [
        ParkingCoupon(number, length, START + timedelta(days=number)) for number, length in enumerate(lengths, start=1)
    ]


@pytest.mark.parametrize(
    ("tariff", "length", "fee_fen"),
    [
        (HOURLY, 0, 0),
        (HOURLY, 1, 0),
        (HOURLY, 29, 0),
        (HOURLY, 30, 0),
        (HOURLY, 30 + 1 / 60, 600),
        (HOURLY, 31, 600),
        (HOURLY, 60, 600),
        (HOURLY, 60 + 1 / 60, 1_200),
        (HOURLY, 61, 1_200),
        (HOURLY, 119, 1_200),
        (HOURLY, 120, 1_200),
        (HOURLY, 121, 1_800),
        (HOURLY, 9 * 60, 5_400),
        (HOURLY, 10 * 60, 6_000),
        (HOURLY, 10 * 60 + 1, 6_000),
        (HOURLY, 23 * 60 + 59, 6_000),
        (HOURLY, 24 * 60, 6_000),
        (HOURLY, 24 * 60 + 1, 6_600),
        (HOURLY, 25 * 60, 6_600),
        (HOURLY, 26 * 60, 7_200),
        (HOURLY, 34 * 60, 12_000),
        (HOURLY, 48 * 60, 12_000),
        (HOURLY, 48 * 60 + 1, 12_600),
        (HOURLY, 7 * 24 * 60, 42_000),
        (HALF_HOURLY, 0, 0),
        (HALF_HOURLY, 1 / 60, 250),
        (HALF_HOURLY, 30, 250),
        (HALF_HOURLY, 31, 500),
        (HALF_HOURLY, 8 * 60, 4_000),
        (HALF_HOURLY, 8 * 60 + 1, 4_000),
        (HALF_HOURLY, 24 * 60, 4_000),
        (HALF_HOURLY, 24 * 60 + 1, 4_250),
        (UNCAPPED, 15, 0),
        (UNCAPPED, 16, 100),
        (UNCAPPED, 24 * 60, 2_400),
        (UNCAPPED, 24 * 60 + 1, 2_500),
    ],
)
def test_fee_of_a_stay(tariff: Tariff, length: float, fee_fen: int) -> None:
    assert rules.fee(tariff, START, START + minutes(length)) == fee_fen


def test_a_stay_that_ends_before_it_begins_costs_nothing() -> None:
    assert rules.fee(HALF_HOURLY, START, START - minutes(90)) == 0


tariffs = st.builds(
    Tariff,
    free_minutes=st.integers(0, 120),
    step_minutes=st.sampled_from([10, 15, 30, 60, 120, 1440]),
    step_fen=st.integers(0, 2_000),
    daily_cap_fen=st.integers(2_000, 20_000),
    exit_grace_minutes=st.integers(0, 60),
)
seconds = st.integers(0, 10 * 24 * 3600)


@given(tariffs, seconds, seconds)
def test_a_longer_stay_never_costs_less(tariff: Tariff, first: int, second: int) -> None:
    shorter, longer = sorted([first, second])
    assert rules.fee(tariff, START, START + timedelta(seconds=shorter)) <= rules.fee(
        tariff, START, START + timedelta(seconds=longer)
    )


@given(tariffs, seconds)
def test_no_day_costs_more_than_its_cap(tariff: Tariff, length: int) -> None:
    fee_fen = rules.fee(tariff, START, START + timedelta(seconds=length))
    assert 0 <= fee_fen <= -(-length // 86_400) * tariff.daily_cap_fen


@pytest.mark.parametrize(
    ("length", "settled_fen", "exit_by", "due_fen"),
    [
        (20, 0, None, 0),  # free
        (100, 0, None, 1_200),  # never paid
        (110, 1_200, 115, 0),  # paid, on the way out
        (115, 1_200, 115, 0),  # the last moment of grace
        (116, 1_200, 115, 0),  # overstayed, but no new step begun
        (121, 1_200, 115, 600),  # overstayed into a new step: the difference only
        (121, 1_200, 125, 0),  # a new step, but the grace still runs
        (24 * 60 + 30, 6_000, 600, 600),  # a new day
    ],
)
def test_what_the_barrier_asks(length: int, settled_fen: int, exit_by: int | None, due_fen: int) -> None:
    stay = stay_of(length, settled_fen=settled_fen)
    assert session_rules.due_now(stay, exit_by=None if exit_by is None else START + minutes(exit_by)) == due_fen


@pytest.mark.parametrize(
    ("length", "coupons", "points", "chosen", "points_used", "cash_fen"),
    [
        (100, [], 0, [], 0, 1_200),
        (100, [], 500, [], 500, 700),
        (100, [], 5_000, [], 1_200, 0),
        (100, [60], 0, [1], 0, 600),
        (100, [120], 0, [1], 0, 0),
        (100, [120], 900, [1], 0, 0),  # points are kept when hours are enough
        (100, [240, 120], 0, [2], 0, 0),  # the shorter one wastes less
        (100, [120, 120], 0, [1], 0, 0),  # of equals the one that expires first
        (100, [60, 60], 0, [1, 2], 0, 0),
        (100, [60, 60, 120], 0, [3], 0, 0),  # of equal hours the fewer coupons
        (200, [60, 120, 60], 0, [1, 2], 0, 0),  # what is left is free
        (200, [60], 10_000, [1], 1_800, 0),
        (200, [60], 700, [1], 700, 1_100),
        (20 * 60, [120], 0, [], 0, 6_000),  # under the day's cap two hours take nothing off
        (20 * 60, [600, 120], 0, [1, 2], 0, 4_800),  # together they get below it
        (10, [120], 1_000, [], 0, 0),  # nothing due
    ],
)
def test_the_cheapest_mix(
    length: int, coupons: list[int], points: int, chosen: list[int], points_used: int, cash_fen: int
) -> None:
    mix = payment_rules.propose(stay_of(length), hours(*coupons), points)
    assert [cover.coupon_id for cover in mix.coupons] == chosen
    assert (mix.points, mix.cash_fen) == (points_used, cash_fen)


coupon_lists = st.lists(st.sampled_from([30, 60, 60, 90, 120, 120, 180, 240]), max_size=6)
stays = st.builds(stay_of, st.integers(0, 3_000), tariffs, settled_fen=st.integers(0, 3_000))


@given(stays, coupon_lists, st.integers(0, 8_000))
def test_a_proposal_is_as_good_as_the_best_of_all_subsets(stay: Stay, lengths: list[int], points: int) -> None:
    coupons = hours(*lengths)
    subsets = [
        subset
        for size in range(len(coupons) + 1)
        for subset in combinations(coupons, size)
        if stay.due_fen - stay.due_after(total(subset)) >= size
    ]
    best = min((stay.due_after(total(subset)), total(subset), len(subset)) for subset in subsets)
    mix = payment_rules.propose(stay, coupons, points)
    used = [coupon for coupon in coupons if coupon.coupon_id in {cover.coupon_id for cover in mix.coupons}]
    assert (mix.points + mix.cash_fen, total(used), len(used)) == best


def total(coupons: object) -> int:
    return sum(coupon.minutes for coupon in coupons)  # type: ignore[attr-defined]


@given(stays, coupon_lists, st.integers(0, 8_000))
def test_a_proposal_adds_up_and_uses_nothing_for_nothing(stay: Stay, lengths: list[int], points: int) -> None:
    mix = payment_rules.propose(stay, hours(*lengths), points)
    assert mix.waived_fen + mix.cash_fen == stay.due_fen
    assert all(cover.covers_fen > 0 for cover in mix.coupons)
    assert 0 <= mix.points <= points
    assert mix.cash_fen == 0 or mix.points == points


@given(stays, coupon_lists, st.integers(0, 8_000))
def test_a_member_may_choose_what_was_proposed(stay: Stay, lengths: list[int], points: int) -> None:
    coupons = hours(*lengths)
    proposal = payment_rules.propose(stay, coupons, points)
    wanted = {cover.coupon_id for cover in proposal.coupons}
    chosen = payment_rules.mix(stay, [coupon for coupon in coupons if coupon.coupon_id in wanted], proposal.points)
    assert {cover.coupon_id for cover in chosen.coupons} == wanted
    assert (chosen.points, chosen.cash_fen, chosen.waived_fen) == (
        proposal.points,
        proposal.cash_fen,
        proposal.waived_fen,
    )


def test_a_coupon_too_many_is_refused_rather_than_wasted() -> None:
    with pytest.raises(CouponNotNeeded) as refused:
        payment_rules.mix(stay_of(100), hours(120, 120), 0)
    assert refused.value.facts["coupon_id"] in {1, 2}


def test_a_coupon_that_takes_nothing_off_under_the_cap_is_refused() -> None:
    with pytest.raises(CouponNotNeeded):
        payment_rules.mix(stay_of(20 * 60), hours(120), 0)


def test_more_points_than_needed_are_left_with_the_member() -> None:
    assert payment_rules.mix(stay_of(100), hours(60), 5_000).points == 600


def test_covers_are_shared_by_minutes() -> None:
    mix = payment_rules.mix(stay_of(200), hours(60, 120), 0)
    assert [(cover.minutes, cover.covers_fen) for cover in mix.coupons] == [(60, 800), (120, 1_600)]


def test_many_coupons_of_many_lengths_are_weighed_quickly() -> None:
    coupons = hours(*[15 + 7 * number for number in range(40)])
    mix = payment_rules.propose(stay_of(4_000), coupons, 0)
    assert len(mix.coupons) <= payment_rules.MOST_COUPONS
    assert mix.waived_fen + mix.cash_fen == stay_of(4_000).due_fen


def test_every_payment_status_has_its_transitions() -> None:
    assert set(payment_rules.TRANSITIONS) == set(PaymentStatus)


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ("沪a·12345", "沪A12345"),
        (" 粤B D12345 ", "粤BD12345"),
        ("沪A-88.888", "沪A88888"),
        ("WJ01警0081", "WJ01警0081"),
        ("沪Ａ１２３４５", "沪A12345"),
        ("沪A𝟙𝟚345", "沪A12345"),
    ],
)
def test_plates_are_spelled_one_way(written: str, spelled: str) -> None:
    assert plates.spell_plate(written) == spelled


@pytest.mark.parametrize(
    "url",
    ["https://gate.example.com", "https://gate.example.com:8443/north", "https://10.0.0.8", "https://[fd00::8]:8443"],
)
def test_messages_go_to_a_plain_address(url: str) -> None:
    assert rules.is_gate_url(url, https_only=True)
    assert rules.is_gate_url(url.replace("https", "http"), https_only=False)
    assert not rules.is_gate_url(url.replace("https", "http"), https_only=True)


@pytest.mark.parametrize(
    "url",
    [
        "", "gate.example.com", "//gate.example.com", "ftp://gate.example.com", "https://", "https:///north",
        "https://me:secret@gate.example.com", "https://gate.example.com?lane=1", "https://gate.example.com#a",
        "https://gate.example.com:0", "https://gate.example.com:port", "https://gate.example.com:99999",
        "https://[fd00::8", "https://gate .example.com", "https://gate.example.com/a\nb", "https://道闸.example.com",
        "https://gate.example.com\\@other.example.com", "https://-gate-",
    ],
)  # fmt: skip
def test_anything_else_is_no_address_of_a_gate(url: str) -> None:
    assert not rules.is_gate_url(url, https_only=False)
