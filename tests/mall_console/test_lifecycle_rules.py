"""Rules of the stages in the console: other numbers are tried out, read, published from a day on, taken back."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.access.models import Role
from app.access.scopes import Place
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.security import codes
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import DEFAULT
from app.lifecycle.stages.models import Stage
from app.workers.inquiries import answering
from app.workers.lifecycle import restating
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock

FORM = {
    "warning_days": "60",
    "sleeping_days": "90",
    "lost_days": "180",
    "recent_days": "90",
    "repeat_purchases": "2",
    "high_purchases": "8",
    "spend_days": "365",
    "high_spend_top_bps": "10",
    "active_days": "30",
    "silent_days": "90",
}
WANTED = replace(DEFAULT, warning_days=60)


@pytest.fixture
def quiet(world: World, clock: StillClock) -> Member:
    """Somebody who joined 70 days ago and bought nothing: new by the rules of today, a warning after 60 days."""
    member = make_member(world.mall)
    member.joined_at = member.created_at = clock.now - timedelta(days=70)
    make_night(app_clock.business_date(clock.now) - timedelta(days=1))
    return member


def tried(console: Console, world: World, **changed: str) -> str:
    answer = console.post(f"{world.base}/lifecycle/rules", **FORM | changed)
    assert answer.status_code == 303, answer.text
    return answer.location


def test_other_rules_are_tried_out_read_and_published_from_tomorrow(
    operations: Console, world: World, quiet: Member
) -> None:
    trial = tried(operations, world)
    page = operations.get(trial).text
    assert "<s>90 天</s> → 60 天" in page and "1</b> 位会变动" in page
    moves = page.split("<tbody>")[1].split("</tbody>")[0]
    assert "新会员" in moves and "流失预警" in moves
    assert page.count('scope="row"') == 13 and "2026-02-28" in page  # today and twelve month-ends
    assert rule_sets.list_versions() == []
    key = codes.new_public_id()
    for _ in range(2):
        answer = operations.post(trial, key=key, effective_from="2026-03-12")
        assert answer.location == f"{world.base}/lifecycle/rules"
    (version,) = rule_sets.list_versions()
    assert (version.effective_from, rule_sets.to_rules(version)) == (date(2026, 3, 12), WANTED)
    assert audited("lifecycle.set_rules").facts == {
        "effective_from": "2026-03-12",
        "warning_days": 60,
        "would_move": 1,
    }
    listed = operations.get(f"{world.base}/lifecycle/rules").text
    assert "待生效" in listed and "60 天" in listed
    operations.post(f"{world.base}/lifecycle/rules/{version.id}/withdraw")
    assert rule_sets.list_versions() == [] and audited("lifecycle.withdraw_rules")


def test_what_was_tried_out_is_listed_with_who_would_move_until_it_is_published(
    operations: Console, auditor: Console, world: World, quiet: Member
) -> None:
    trial, rules = tried(operations, world, warning_days="61"), f"{world.base}/lifecycle/rules"
    listed = next(row for row in operations.get(rules).text.split("<tr>") if trial in row)
    assert f'href="{trial}"' in listed and operations.person.name in listed
    assert "流失预警 61 天" in listed and "当天 1 位会变动" in listed and "未发布" in listed
    assert "近期试算" not in auditor.get(rules).text
    operations.post(trial, effective_from="2026-03-12")
    assert "已发布，自 2026-03-12 起生效" in operations.get(trial).text
    assert "发布新规则" not in operations.get(trial).text
    assert "已发布" in next(row for row in operations.get(rules).text.split("<tr>") if trial in row)
    (version,) = rule_sets.list_versions()
    operations.post(f"{rules}/{version.id}/withdraw")
    assert "发布新规则" in operations.get(trial).text


def test_a_trial_of_another_day_calls_that_day_no_more_today(
    operations: Console, enter: SignIn, world: World, quiet: Member, clock: StillClock
) -> None:
    trial = tried(operations, world, warning_days="61")
    assert "今天和之前 12 个月月末" in operations.get(trial).text
    operations.post(trial, effective_from="2026-03-12")
    clock.advance(days=2)
    page = enter(Role.OPERATIONS, Place(mall_id=world.mall.id)).get(trial).text
    assert "试算当天和之前 12 个月月末" in page and "今天" not in page.split("<main")[1]
    assert "已发布，自 2026-03-12 起生效" in page and "现行规则已经更换" not in page


def test_who_tries_rules_out_is_told_which_others_are_coming(operations: Console, world: World, quiet: Member) -> None:
    now = app_clock.now()
    rule_sets.publish(replace(DEFAULT, lost_days=200), effective_from=date(2026, 3, 12), by="王芳", now=now)
    page = operations.get(tried(operations, world)).text
    assert "另有一版规则将自 2026-03-12 起生效，由王芳发布" in page


def test_a_day_without_much_to_move_says_so_and_the_address_names_the_day(
    operations: Console, world: World, quiet: Member
) -> None:
    trial = tried(operations, world)
    page = operations.get(f"{trial}?day=2025-12-31&of=mall").text
    assert "2025 年 12 月 31 日" in page and "0</b> 位会变动" in page and "试算里没有" not in page
    assert "试算里没有 2025-12-32，下面是今天的" in operations.get(f"{trial}?day=2025-12-32").text


def test_every_move_leads_to_its_members_with_the_reason_under_the_other_rules(
    operations: Console, world: World, quiet: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_path(quiet, (app_clock.business_date(quiet.joined_at or quiet.created_at), Stage.NEW))
    trial = tried(operations, world)
    (link,) = re.findall(rf'href="({world.base}/lifecycle/restated/[^"]*)"', operations.get(trial).text)
    page = operations.get(link).text
    assert quiet.public_id in page and "入会 70 天未消费" in page
    monkeypatch.setattr("app.lifecycle.restatements.freshness.AT_ONCE_BELOW", 0)
    assert operations.get(link).status_code == 404 and link not in operations.get(trial).text


def test_everything_that_does_not_fit_is_said_beside_its_number(operations: Console, world: World) -> None:
    form = f"{world.base}/lifecycle/rules/new"
    wrong = {"lost_days": "90", "silent_days": "20", "high_spend_top_bps": "12.345"}
    operations.post(f"{world.base}/lifecycle/rules", page=form, **FORM | wrong)
    page = operations.get(form).text
    assert "最多两位小数" in page and 'value="12.345"' in page
    mended = FORM | wrong | {"high_spend_top_bps": "12.34"}
    assert operations.post(f"{world.base}/lifecycle/rules", page=form, **mended).location == form
    page = operations.get(form).text
    assert "要比「活跃」的天数多" in page and "要比「沉睡」的天数多" in page and 'value="12.34"' in page


def test_a_taken_day_is_said_beside_the_day(operations: Console, world: World, quiet: Member) -> None:
    now = app_clock.now()
    rule_sets.publish(replace(DEFAULT, lost_days=200), effective_from=date(2026, 3, 12), by="王芳", now=now)
    trial = tried(operations, world)
    operations.post(trial, page=trial, effective_from="2026-03-12")
    assert "这一天已有另一套规则" in operations.get(trial).text


def test_who_keeps_one_mall_tries_on_its_members_but_publishes_nothing(
    enter: SignIn, world: World, other: World, quiet: Member
) -> None:
    one = enter(Role.OPERATIONS, Place(mall_id=world.mall.id))
    trial = tried(one, world)
    page = one.get(trial).text
    assert "1</b> 位会变动" in page and "发布新规则" not in page and "全集团" not in page
    assert one.post(trial, effective_from="2026-03-12").status_code == 403
    elsewhere = enter(Role.OPERATIONS, Place(mall_id=other.mall.id))
    assert elsewhere.get(trial.replace(world.base, other.base)).status_code == 404
    assert "0</b> 位会变动" in elsewhere.get(tried(elsewhere, other)).text


def test_what_takes_longer_goes_on_in_the_background_and_the_page_follows(
    operations: Console, world: World, quiet: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.lifecycle.restatements.freshness.AT_ONCE_BELOW", 0)
    trial = tried(operations, world)
    page = operations.get(trial).text
    assert "正在推算" in page and "0 / 13" in page
    part = {"path": f"{trial}?seen=0", "headers": {"HX-Request": "true"}}
    assert "0 / 13" in operations.client.get(**part).text
    assert "试算完成后才能发布" in operations.post(trial, effective_from="2026-03-12").text
    assert answering.work_next(restating.STEPS, trial.rpartition("/")[2])
    assert operations.client.get(**part).headers["HX-Refresh"] == "true"
    page = operations.get(trial).text
    assert "1</b> 位会变动" in page and "1 / 13" in page and "试算完成后可以发布" in page
