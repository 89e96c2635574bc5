"""A member's page says what to expect of them and why they stay away; who may care for members corrects that."""

from datetime import date, timedelta

import pytest

from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.causes.models import SleepCause
from app.lifecycle.predictions import calibrating
from app.lifecycle.predictions.models import MemberPrediction, PredictionFit
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited

DAY = date(2026, 3, 10)
ALIKE = {
    "members": 28,
    "returned_expected": 9.7,
    "returned": 1,
    "purchases_expected": 20.0,
    "purchases": 1,
    "spend_expected_fen": 100_000,
    "spend_fen": 5_000,
}


def expect(world: World) -> None:
    """Bought on eleven days, every ten days, and stayed away for forty by the day of the fit, which is yesterday."""
    last = DAY - timedelta(days=40)
    db.session.add(PredictionFit(day=DAY, members=1, fitted_at=clock.now()))
    db.session.add(
        MemberPrediction(
            member_id=world.member.id,
            alive_bps=4_200,
            return_bps=3_100,
            purchases_hundredths=120,
            spend_fen=45_600,
            why="long_silence",
            purchase_days=11,
            first_on=last - timedelta(days=100),
            last_on=last,
            as_of=DAY,
        )
    )
    db.session.flush()


def fall_asleep(world: World) -> None:
    sign = {"cause": "experience", "code": "refunded", "strength_bps": 6_250, "facts": {"refunds": 1, "purchases": 2}}
    db.session.add(
        SleepCause(
            member_id=world.member.id,
            home_mall_id=world.mall.id,
            silent_since=DAY - timedelta(days=95),
            cause="experience",
            confidence_bps=6_250,
            evidence=[sign],
            judged_on=DAY,
        )
    )
    db.session.flush()


def test_what_to_expect_is_told_with_its_reason(auditor: Console, world: World) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    assert "光顾预测" not in auditor.get(page).text
    expect(world)

    told = auditor.get(page).text

    assert "42%" in told
    assert "31%" in told
    assert "456.00" in told
    assert "平均 10 天消费一次，已有 41 天没有消费，远超平时间隔" in told


def test_beside_what_to_expect_stands_what_became_of_members_alike(auditor: Console, world: World) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    expect(world)
    assert "上次回测" not in auditor.get(page).text
    fit = db.session.get_one(PredictionFit, DAY)
    other = {**ALIKE, "members": 7, "returned": 7}
    lines = {"2": other, "3": ALIKE, "4": other}
    fit.backtest = {"known_until": "2025-12-10", "by_probability": lines, "by_repeats": {}, "total": ALIKE}
    db.session.flush()

    told = auditor.get(page).text

    said = "上次回测中，同档 28 位会员实际回来 3.6%，消费金额是预测的 5.0%"
    assert f'<a href="{world.base}/lifecycle/predictions">{said}</a>' in told
    fit.backtest = {**fit.backtest, "by_probability": {"3": {**ALIKE, "spend_expected_fen": 0}}}
    db.session.flush()
    assert "同档 28 位会员实际回来 3.6%</a>" in auditor.get(page).text


@pytest.mark.no_database
def test_a_probability_belongs_to_the_tenth_that_it_begins() -> None:
    lines = {str(band): {**ALIKE, "members": band} for band in (0, 1, 2, 9)}
    kept = {"known_until": "2025-12-10", "by_probability": lines, "by_repeats": {}, "total": ALIKE}
    test = calibrating.read(kept, as_of=DAY)

    found = {bps: test.find_band(bps) for bps in (999, 1_000, 1_999, 2_000, 9_999, 10_000, 5_000)}

    bands = [one.first if one else None for one in found.values()]
    assert bands == [None, 1, 1, 2, 9, 9, None]


def test_the_cause_is_told_with_its_signs_and_corrected_once(
    operations: Console, auditor: Console, world: World
) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    fall_asleep(world)
    assert "沉睡前后 30 天内 2 笔消费、1 笔退款" in auditor.get(page).text
    assert "/sleep-cause" not in auditor.get(page).text
    assert "把握 62%" in operations.get(page).text

    for _ in range(2):
        done = operations.post(f"{page}/sleep-cause", key="correct-once", cause="scene", note="电话回访：已搬家")
        assert done.location == page

    told = operations.get(page).text
    assert told.count("更正为「生活场景变化」：电话回访：已搬家") == 1
    assert "人工更正" in told
    entry = audited("lifecycle.correct_cause")
    assert (entry.subject, entry.facts) == (f"member:{world.member.id}", {"cause": "scene"})


def test_of_who_does_not_stay_away_there_is_nothing_to_correct(operations: Console, world: World) -> None:
    page = f"{world.base}/members/{world.member.public_id}"

    operations.post(f"{page}/sleep-cause", page=page, cause="scene", note="已搬家")

    assert "这位会员目前没有沉睡，无需更正原因" in operations.get(page).text
