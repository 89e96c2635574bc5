"""How long points are good, on its page: published from a day on, taken back, and by whom."""

from datetime import timedelta

from app.kernel import clock
from app.points.expiry import policies
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited

TYPED = {"until": "months", "months": "18", "grace_days": "15", "notice_days": "7"}


def tomorrow() -> str:
    return (clock.business_date(clock.now()) + timedelta(days=1)).isoformat()


def test_a_policy_is_published_and_taken_back(administrator: Console, world: World) -> None:
    base = f"{world.base}/points/expiry"
    assert "获得次年的年底到期" in administrator.get(base).text
    answer = administrator.post(base, page=base, effective_from=tomorrow(), **TYPED)
    shown = administrator.get(answer.location).text
    assert "获得后 18 个月到期" in shown and "待生效" in shown and "宽限 30 天" in shown
    (version,) = policies.list_versions()
    assert audited("points_expiry.publish").facts == {
        "effective_from": tomorrow(),
        **{name: int(text) if text.isdigit() else text for name, text in TYPED.items()},
    }
    administrator.post(f"{base}/{version.id}/withdraw", page=base)
    assert policies.list_versions() == [] and audited("points_expiry.withdraw")


def test_months_are_asked_for_where_they_count_and_only_there(administrator: Console, world: World) -> None:
    base = f"{world.base}/points/expiry"
    administrator.post(base, page=base, effective_from=tomorrow(), **{**TYPED, "months": ""})
    assert policies.list_versions() == []
    administrator.post(base, page=base, effective_from=tomorrow(), **{**TYPED, "until": "never"})
    assert [(one.until, one.months) for one in policies.list_versions()] == [("never", None)]


def test_who_keeps_one_mall_of_several_sets_no_policy(finance: Console, world: World, other: World) -> None:
    base = f"{world.base}/points/expiry"
    assert "由负责所有商场的财务或管理员调整" in finance.get(base).text
    answer = finance.post(base, page=base, effective_from=tomorrow(), **TYPED)
    assert "请由负责所有商场的人调整" in finance.get(answer.location).text and policies.list_versions() == []
