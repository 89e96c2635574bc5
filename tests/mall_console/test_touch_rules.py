"""The rule of touches: what is in force, its versions, another one from a coming day on; and who may set it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.models import Role
from app.access.scopes import Place
from app.kernel.db import db
from app.kernel.security import codes
from app.outreach.touch_rules import policy
from app.outreach.touch_rules.models import OutreachPolicy
from app.outreach.touch_rules.rules import Policy
from tests.builders.console import World
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock

# The tests' day is 2026-03-11.
FORM = {
    "effective_from": "2026-03-12",
    "window_days": "10",
    "marketing_cap": "3",
    "quiet_from": "20:30",
    "quiet_until": "10:00",
}


def _versions() -> list[OutreachPolicy]:
    return list(db.session.scalars(select(OutreachPolicy)))


def test_without_any_version_the_default_is_in_force(auditor: Console, world: World) -> None:
    page = auditor.get(f"{world.base}/messages/rules").text
    assert "7 天内最多 2 条" in page and "21:00 至次日 09:00" in page
    row = page.split("系统默认")[1].split("</tr>")[0]
    assert "现行" in row and "比默认宽松" not in page
    assert 'href="/console/YH/messages/rules"' in auditor.get(f"{world.base}/messages").text


def test_another_rule_holds_from_its_day_and_the_old_one_until_then(
    operations: Console, enter: SignIn, world: World, clock: StillClock
) -> None:
    page = f"{world.base}/messages/rules"
    assert operations.post(page, **FORM).location == page
    wanted = Policy(
        marketing_cap=3, window=timedelta(days=10), quiet_from_minute=20 * 60 + 30, quiet_until_minute=10 * 60
    )
    midnight = clock.now.replace(hour=16, minute=0, second=0, microsecond=0)
    assert policy.at(midnight - timedelta(seconds=1)) == policy.DEFAULT
    assert policy.at(midnight) == wanted
    shown = operations.get(page).text
    assert "待生效" in shown and "20:30 至次日 10:00" in shown and "张岚" in shown
    assert "比默认宽松" in shown  # 3 in 10 days is more than 2 in 7
    entry = audited("message.set_rule")
    assert entry.facts["marketing_cap"] == 3 and entry.facts["effective_from"] == "2026-03-12"
    clock.set(midnight)
    later = enter(Role.AUDITOR).get(page).text
    assert "待生效" not in later and "10 天内最多 3 条" in later.split("全部版本")[0]


def test_a_double_press_makes_one_version(operations: Console, world: World) -> None:
    page, key = f"{world.base}/messages/rules", codes.new_public_id()
    for _ in range(2):
        assert operations.post(page, key=key, **FORM).location == page
    assert len(_versions()) == 1


def test_a_day_has_one_rule_and_what_stands_is_not_changed(operations: Console, world: World) -> None:
    page = f"{world.base}/messages/rules"
    operations.post(page, **FORM)
    operations.post(page, page=page, **FORM | {"marketing_cap": "1"})
    assert "这一天已有另一条触达规则" in operations.get(page).text
    assert [version.marketing_cap for version in _versions()] == [3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"effective_from": "2026-03-11"}, "最早从明天开始"),
        ({"effective_from": "soon"}, "请选择日期"),
        ({"window_days": "0"}, "统计天数"),
        ({"window_days": "91"}, "统计天数"),
        ({"marketing_cap": "11"}, "10 天内最多 10 条"),
        ({"marketing_cap": "-1"}, "营销消息上限"),
        ({"quiet_from": "25:00"}, "请填写时间"),
        ({"quiet_from": "10:00"}, "开始和结束不能相同"),
        ({"quiet_from": "10:30"}, "最长 20 小时"),
    ],
)
def test_nonsense_is_refused_and_keeps_what_was_typed(
    operations: Console, world: World, wrong: dict[str, str], said: str
) -> None:
    page = f"{world.base}/messages/rules"
    typed = FORM | wrong
    assert operations.post(page, page=page, **typed).location == page
    shown = operations.get(page).text
    assert said in shown.split('class="flash')[1].split("</p>")[0]
    assert all(f'name="{name}" type="' in shown and f'value="{value}"' in shown for name, value in typed.items())
    assert _versions() == []


def test_no_marketing_at_all_is_a_rule_too(operations: Console, enter: SignIn, world: World, clock: StillClock) -> None:
    page = f"{world.base}/messages/rules"
    operations.post(page, **FORM | {"marketing_cap": "0"})
    clock.set(clock.now.replace(hour=16))
    assert "不发营销消息" in enter(Role.AUDITOR).get(page).text


def test_the_rule_of_all_malls_is_set_by_who_keeps_them_all(
    operations: Console, administrator: Console, enter: SignIn, world: World, other: World
) -> None:
    page = f"{world.base}/messages/rules"
    theirs = enter(Role.OPERATIONS, Place(mall_id=other.mall.id))
    for console, base in ((operations, world.base), (theirs, other.base)):
        shown = console.get(f"{base}/messages/rules").text
        assert "7 天内最多 2 条" in shown and "保存新规则" not in shown
        assert console.post(f"{base}/messages/rules", **FORM).status_code == 403
    assert _versions() == []
    assert administrator.post(page, **FORM).location == page
    assert "3 条 / 10 天" in theirs.get(f"{other.base}/messages/rules").text


def test_who_only_sees_gets_no_form(auditor: Console, world: World) -> None:
    page = f"{world.base}/messages/rules"
    assert "<form" not in auditor.get(page).text.split("<main")[1]
    assert auditor.post(page, **FORM).status_code == 403
    assert _versions() == []
