"""The factor of points on its page: tried, published from a day on, taken back, and by whom."""

from datetime import date, timedelta

from app.kernel import clock
from app.points.worth import factors
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited


def tomorrow() -> date:
    return clock.business_date(clock.now()) + timedelta(days=1)


def test_a_factor_is_tried_published_and_taken_back(administrator: Console, world: World) -> None:
    base, day = f"{world.base}/points/worth", tomorrow().isoformat()
    typed = {"hundred_fen": "1.2", "effective_from": day}
    assert "¥6.00" in administrator.post(f"{base}/example", page=base, **typed).text
    answer = administrator.post(base, page=base, **typed)
    assert answer.status_code == 303
    shown = administrator.get(answer.location).text
    assert "100 积分抵 ¥1.20" in shown and "待生效" in shown
    (version,) = factors.list_versions()
    assert audited("points_factor.publish").facts["factor_bps"] == 12_000
    administrator.post(f"{base}/{version.id}/withdraw", page=base)
    assert factors.list_versions() == [] and audited("points_factor.withdraw")


def test_a_factor_out_of_range_is_told_beside_its_field(administrator: Console, world: World) -> None:
    base = f"{world.base}/points/worth"
    answer = administrator.post(base, page=base, hundred_fen="9", effective_from=tomorrow().isoformat())
    assert "请填写 0.1 至 5 之间的数" in administrator.get(answer.location).text and factors.list_versions() == []


def test_who_keeps_one_mall_of_several_sets_no_factor(finance: Console, world: World, other: World) -> None:
    base = f"{world.base}/points/worth"
    assert "由负责所有商场的财务或管理员调整" in finance.get(base).text
    answer = finance.post(base, page=base, hundred_fen="1.2", effective_from=tomorrow().isoformat())
    assert "请由负责所有商场的人调整" in finance.get(answer.location).text and factors.list_versions() == []
