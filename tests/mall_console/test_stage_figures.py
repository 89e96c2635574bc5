"""Figures by month in the console: measures with their members, targets, the review on a page and on paper, cohorts."""

import io
import itertools
import re
from datetime import date, timedelta

import pytest

from app.insights.monthly import wording
from app.insights.monthly.measures import JOIN_RATE, OF_STAGES
from app.insights.monthly.models import MeasuredMonth, MonthMeasure
from app.kernel import clock
from app.kernel.db import db
from app.lifecycle.stages.models import MemberStage, Stage
from app.lifecycle.targets import targets
from app.lifecycle.targets.targets import Transition
from app.lifecycle.targets.wording import BASES as TARGET_BASES
from app.workers.lifecycle import monthly
from mall_console.lifecycle.figures import months, printed, reviewing
from tests.builders.buying import at, buy
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.builders.malls import make_mall
from tests.mall_console.conftest import Console, audited

MONTH = "2026-02"
SHARES = {"join": "25", "first": "40", "repeat": "", "high": "12.5", "back": "10"}


@pytest.fixture
def members(world: World) -> list[str]:
    """Two who joined in January, of whom the first bought in time; counted up to the end of February."""
    joined, found = date(2026, 1, 20), []
    for path in (((date(2026, 2, 3), Stage.FIRST),), ()):
        member = make_member(world.mall)
        make_path(member, (joined, Stage.NEW), *path)
        db.session.get_one(MemberStage, member.id).joined_on = joined
        if path:
            buy(member, world.store, at(path[0][0]), 10_000)
        found.append(member.public_id)
    make_night(date(2026, 2, 28))
    monthly.count_months(limit=20)
    return found


def typed(**more: str) -> dict[str, str]:
    days = {f"{name}_days": "30" for name in SHARES}
    shares = {f"{name}_share": share for name, share in SHARES.items()}
    return {"effective_from": "2026-03-20", **days, **shares, **more}


@pytest.mark.requirement("S0.25")
def test_a_measure_leads_to_its_members_and_to_a_file(operations: Console, world: World, members: list[str]) -> None:
    page = operations.get(f"{world.base}/lifecycle/figures?month={MONTH}").text
    assert "7 日回访率" in page and "尚无数据来源" in page and 'role="tooltip"' in page
    rows = f"{world.base}/lifecycle/figures/members/to_first_{MONTH}"
    assert "50.0%" in operations.get(f"{world.base}/lifecycle/review?month={MONTH}").text
    everybody, reached, missed = (operations.get(f"{rows}{side}").text for side in ("", "_reached", "_missed"))
    assert all(member in everybody for member in members)
    assert (members[0] in reached, members[1] in reached) == (True, False)
    assert (members[0] in missed, members[1] in missed) == (False, True)
    assert "达成" in operations.get(f"{rows}?export=csv").text
    assert "30 日二次消费率" in operations.get(f"{world.base}/lifecycle/figures?month={MONTH}&export=csv").text
    for key in ("no_such_2026-02", "return_7_2099-01", "return_7", "to_first_2026-02_sideways"):
        assert operations.get(f"{world.base}/lifecycle/figures/members/{key}").status_code == 404


@pytest.mark.requirement("S0.52")
def test_the_review_is_one_sheet_of_paper(operations: Console, world: World) -> None:
    january, february = date(2026, 1, 20), date(2026, 2, 10)
    for old, new in (*itertools.pairwise(Stage), *itertools.pairwise(reversed(Stage))):
        make_path(make_member(world.mall), (january, old), (february, new))
    make_path(make_member(world.mall), (february, Stage.NEW))
    make_night(date(2026, 2, 28))
    monthly.count_months(limit=20)
    paper = operations.get(f"{world.base}/lifecycle/review/{MONTH}.pdf")
    assert paper.data.startswith(b"%PDF") and len(re.findall(rb"/Type /Page\b", paper.data)) == 1
    assert audited("list.export").facts["of"] == MONTH
    month = months.find(MONTH)
    assert month is not None
    out = io.BytesIO()
    printed.write(reviewing.read(world.mall.id, month), "悦汇城购物中心" * 20, out)
    assert len(re.findall(rb"/Type /Page\b", out.getvalue())) == 1
    for unknown in ("2099-01", "2020-01"):
        assert operations.get(f"{world.base}/lifecycle/review/{unknown}.pdf").status_code == 404


def test_cohorts_show_who_came_back(operations: Console, world: World, members: list[str]) -> None:
    page = operations.get(f"{world.base}/lifecycle/cohorts?by=purchase").text
    assert "2026-01" in page and "第 12 月" in page
    assert "2026-01,2,1,0,0.00%" in operations.get(f"{world.base}/lifecycle/cohorts?export=csv").text


@pytest.mark.requirement("S0.2")
def test_targets_are_versions_and_say_met_or_missed(administrator: Console, world: World, members: list[str]) -> None:
    page = f"{world.base}/lifecycle/targets"
    told = administrator.get(page).text
    assert "达标" in told, "half of the new bought in time, more than the 40 % aimed at"
    assert "2026 年 2 月：从 2026-02-01 到 2026-02-28 期限届满的会员" in told and "本月至今" not in told
    assert "outcome-good" in administrator.get(f"{world.base}/lifecycle").text
    wrong = administrator.post(page, page=page, **typed(first_days="0", high_share="120"))
    told = administrator.get(wrong.location).text
    assert "请填写 1 至 365 之间的整数" in told and "请填写 0.01 至 100 之间的数" in told
    assert administrator.post(page, **typed()).status_code == 303
    version = targets.list_versions()[0]
    aimed = {one.value: target.share_bps for one, target in targets.to_targets(version).items()}
    assert aimed == {"join": 2_500, "first": 4_000, "repeat": None, "high": 1_250, "back": 1_000}
    assert "新会员首购 30 天 40%" in audited("stage_targets.publish").facts["targets"]
    assert targets.in_force(date(2026, 3, 19)) == targets.DEFAULT
    assert administrator.post(f"{page}/{version.id}/withdraw").status_code == 303
    assert not targets.list_versions()
    assert "新会员首购 30 天 40%" in audited("stage_targets.withdraw").facts["targets"]


def test_targets_of_all_malls_are_set_by_who_keeps_all(operations: Console, other: World, world: World) -> None:
    page = f"{world.base}/lifecycle/targets"
    assert "保存新目标" not in operations.get(page).text
    assert operations.post(page, **typed()).status_code == 403


def test_a_past_day_stands_beside_the_targets_of_its_month(
    operations: Console, world: World, members: list[str]
) -> None:
    make_night(date(2026, 3, 10))
    monthly.count_months(limit=20)
    here = f"{world.base}/lifecycle"
    past = operations.get(f"{here}?day=2026-02-15").text
    assert "outcome-good" in past and ">2026 年 2 月</p>" in past and "至今" not in past
    latest = operations.get(here).text
    assert "2026 年 3 月至今，看目标" in latest and "outcome-good" not in latest
    assert "转化目标" not in operations.get(f"{here}?day=2025-06-30").text, "of that month nothing was counted"


def test_every_share_of_the_review_says_of_whom_it_is(operations: Console, world: World, members: list[str]) -> None:
    page = operations.get(f"{world.base}/lifecycle/review?month={MONTH}").text
    assert all(f" · {base}</small>" in page for base in wording.BASES.values())
    assert all(f"<small>占{base}</small>" in page for base in TARGET_BASES.values())
    assert "月初在该层和当月进入的会员里" in page and "1 / 2 位" in page
    assert wording.BASES.keys() == {JOIN_RATE, *OF_STAGES} and set(TARGET_BASES) == set(Transition)


def test_months_begin_with_the_first_of_which_the_mall_has_figures(
    operations: Console, world: World, members: list[str]
) -> None:
    for month in (date(2025, 3, 1), date(2025, 4, 1)):
        db.session.add(MeasuredMonth(month=month, night_day=clock.add_months(month, 1) - timedelta(days=1)))
    figure = MonthMeasure(month=date(2025, 4, 1), code="kept", members=1, reached=1, hundredths=100, days=None)
    figure.home_mall_id = world.mall.id
    db.session.add(figure)
    db.session.flush()
    assert [one.key for one in months.list_counted(world.mall.id)] == [MONTH, "2025-04"]
    assert [one.key for one in months.list_counted(make_mall().id)] == [MONTH], "of which there is nothing yet"
    assert 'value="2025-03"' not in operations.get(f"{world.base}/lifecycle/review").text


@pytest.mark.parametrize("page", ["figures", "review"])
def test_a_month_that_cannot_be_shown_is_said(operations: Console, world: World, members: list[str], page: str) -> None:
    here = f"{world.base}/lifecycle/{page}"
    make_night(date(2026, 3, 10))
    monthly.count_months(limit=20)
    usual = {"figures": "2026 年 3 月至今", "review": "2026 年 2 月"}[page]
    for month in ("2026-13", "abc", "2099-12"):
        assert f"没有 {month} 的统计，下面是 {usual}的" in operations.get(f"{here}?month={month}").text
    first = operations.get(f"{here}?month=2001-01").text
    assert "没有 2001-01 的统计，下面是 2026 年 2 月的" in first, "the nearest, not the latest"
    assert 'role="status"' not in operations.get(f"{here}?month={MONTH}").text


def test_no_file_is_of_another_month_than_the_one_named(operations: Console, world: World, members: list[str]) -> None:
    here = f"{world.base}/lifecycle/figures"
    assert operations.get(f"{here}?month=2026-13&export=csv").status_code == 404
    assert operations.get(f"{here}?month={MONTH}&export=csv").status_code == 200


def test_who_is_lost_is_told_so_and_not_as_a_success(operations: Console, world: World) -> None:
    member, day = make_member(world.mall), date(2026, 2, 10)
    make_path(member, (day, Stage.FIRST), (day, Stage.LOST))
    make_night(date(2026, 2, 28))
    monthly.count_months(limit=20)
    page = operations.get(f"{world.base}/lifecycle/figures/members/lost_{MONTH}").text
    assert member.public_id in page and "已流失</span>" in page and "尚未流失" in page and "达成" not in page
