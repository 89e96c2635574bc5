"""Rules of earning on a form: tried, published from a day on, taken back, told in sentences, and earned by."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest

from app.kernel import clock
from app.points.earning import documents, rule_sets
from app.points.earning.acts import ActKind
from app.points.earning.extras import KINDS, MemberDayExtra, Payer, TierExtra
from app.points.earning.rules import Rules
from app.points.rehearsals import rehearsals
from mall_console.points.earning_words import Sentence, compare
from tests.builders.buying import at, buy
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.malls import make_merchant, make_store
from tests.builders.segments import make_segment
from tests.mall_console.conftest import Console, audited

FORM = {
    "mall_rate": "1",
    "birthday": "",
    "birthday_when": "day",
    "first_order": "",
    "member_day": "100",
    "weekdays": ["2"],
    "month_days": "8",
    "tier_gold": "10",
    **{f"{name}_payer": "mall" for name in ("tier", "birthday", "first_order", "member_day")},
    **{f"campaign_{number}_payer": "mall" for number in range(3)},
}


def tomorrow() -> date:
    return clock.business_date(clock.now()) + timedelta(days=1)


def publish(console: Console, world: World, *, effective_from: str = "", **changed: object) -> str:
    """The page after the form was sent and, if it was in order, the rehearsed rules were published."""
    base = f"{world.base}/points/rules"
    answer = console.post(base, page=f"{base}/new", **FORM | changed)
    assert answer.status_code == 303
    if "/rehearsals/" not in answer.location:
        return console.get(answer.location).text
    done = console.post(answer.location, page=answer.location, effective_from=effective_from or tomorrow().isoformat())
    return console.get(done.location).text


def test_sentences_stand_beside_those_about_the_same() -> None:
    old = [
        "每消费 1 元得 1 积分。",
        "生日当天：消费积分 2 倍。",
        "会员日（每周二）：消费积分 2 倍。",
        "金卡：消费积分 2 倍。",
    ]
    new = [
        "每消费 1 元得 2 积分。",
        "金卡：消费积分 2 倍。",
        "会员日（每周三）：消费积分 2 倍。",
        "第一笔消费：消费积分 3 倍。",
    ]
    before, now = [Sentence(text) for text in old], [Sentence(text) for text in new]
    assert compare(before, now) == [
        (now[0], before[0]),
        (None, before[1]),
        (now[1], before[3]),
        (now[2], before[2]),
        (now[3], None),
    ]


@pytest.mark.requirement("S2.24")
def test_rules_are_published_told_in_sentences_and_taken_back(operations: Console, world: World) -> None:
    shown = publish(operations, world)
    assert "新的积分规则将自" in shown and "会员日（每周二、每月 8 日）：消费积分 2 倍。" in shown
    assert "金卡会员：消费多得 10% 积分。" in shown
    assert rule_sets.in_force(world.mall.id, tomorrow()) == rule_sets.in_force(world.mall.id, tomorrow() + timedelta(9))
    (version,) = rule_sets.list_versions(world.mall.id)
    assert audited("earning.publish").facts["rules"][0] == "每消费 1 元得 1 积分。"
    assert "推演结果" in shown
    begun = operations.get(f"{world.base}/points/rules/new").text
    assert re.search(r'name="weekdays" value="2" checked', begun) and 'value="100"' in begun
    operations.post(f"{world.base}/points/rules/{version.id}/withdraw")
    assert rule_sets.list_versions(world.mall.id) == [] and audited("earning.withdraw")


def test_what_rules_would_have_done_is_shown_before_they_are_published(operations: Console, world: World) -> None:
    base, day = f"{world.base}/points/rules", clock.business_date(clock.now()) - timedelta(days=3)
    regular, rare = make_member(world.mall), make_member(world.mall)
    buy(regular, world.store, at(day), 100_000)
    buy(rare, world.store, at(day), 2_000)
    answer = operations.post(base, page=f"{base}/new", **FORM | {"mall_rate": "1.5", "member_day": "", "tier_gold": ""})
    shown = operations.get(answer.location).text
    assert "受影响会员" in shown and "门店商户承担" in shown and "多得最多的会员" in shown
    assert "1,530" in shown and "1,020" in shown and "没有会员少得积分" in shown
    assert f"{world.base}/members/{regular.public_id}" in shown
    assert "原为：每消费 1 元得 1 积分。" in shown and "1.5 积分。<small>" in shown
    listed = operations.get(base).text
    assert answer.location in listed and "发放增加 510 积分（50.0%）" in listed and "未发布" in listed
    begun = operations.get(f"{base}/new?from={answer.location.rpartition('/')[2]}").text
    assert 'value="1.5"' in begun
    assert rule_sets.list_versions(world.mall.id) == []


def test_a_rehearsal_marks_an_extra_that_another_pays_for(operations: Console, world: World) -> None:
    """100 yuan on a Tuesday: 100 points from the merchant, 100 more for the member day, by whoever pays those."""
    base, tuesday = f"{world.base}/points/rules", date(2026, 3, 10)
    day = MemberDayExtra(bps=10_000, weekdays=(2,), month_days=(8,))
    in_force = Rules(extras=(day, TierExtra(bps=1_000, tier="gold", title="金卡会员")))
    rule_sets.open_with(world.mall.id, in_force, effective_from=date(2026, 1, 1), by="王", now=clock.now())
    buy(make_member(world.mall), world.store, at(tuesday), 10_000)
    brand = {"member_day_payer": "brand", "brand": world.merchant.code}
    answer = operations.post(base, page=f"{base}/new", **FORM | brand)
    shown = operations.get(answer.location).text
    moved = f"原由商场承担，改由{world.merchant.name}承担：近 90 天 100 积分，折合 ¥1.00"
    (line,) = (one for one in re.findall("<li>.*?</li>", shown) if "会员日（" in one)
    assert moved in line and ">改<" in line and "原为" not in line
    assert shown.count(">改<") == 1 and "会员看到的说明没有变化" in shown
    assert "发放积分不变，承担方有调整" in operations.get(base).text


def test_a_brand_that_pays_is_chosen_and_kept(operations: Console, world: World) -> None:
    assert "请选择是哪一家" in publish(operations, world, member_day_payer="brand")
    shown = publish(operations, world, member_day_payer="brand", brand=world.merchant.code)
    (version,) = rule_sets.list_versions(world.mall.id)
    (extra,) = [one for one in documents.to_rules(version.document).extras if one.kind == "member_day"]
    assert (extra.payer, extra.brand) == (Payer.BRAND, world.merchant.code) and "推演结果" in shown


def test_everything_that_is_wrong_is_told_beside_its_field(operations: Console, world: World) -> None:
    make_segment(world.mall, is_nightly=True)
    wrong = {
        "mall_rate": "许多",
        "month_days": "32",
        "campaign_0_title": "周年庆",
        "segment_0_more": "5",
    }
    shown = publish(operations, world, **wrong)
    for problem in ("mall_rate", "month_days"):
        assert f'id="problem-{problem}"' in shown
    shown = publish(
        operations, world, **wrong | {"mall_rate": "1", "month_days": "8", "weekdays": [], "member_day": ""}
    )
    for problem in ("campaign_0_title", "segment_0_more"):
        assert f'id="problem-{problem}"' in shown
    assert "周年庆" in shown and rule_sets.list_versions(world.mall.id) == []


@pytest.mark.requirement("S2.13")
def test_acts_other_than_buying_are_published_and_shown_again(operations: Console, world: World) -> None:
    acts = {"act_visit": "10", "act_visit_steps": "6：100, 3:50", "act_share": "2", "act_share_a_day": "3"}
    acts |= {"act_invitation": "50", "act_invitation_a_day": "5", "act_invitation_steps": "2:30"}
    shown = publish(operations, world, **acts)
    assert "到店：每天得 10 积分，当月第 3 天到店再得 50 积分，当月第 6 天到店再得 100 积分，次日到账。" in shown
    assert "邀请好友：好友首次到店或消费后，每位得 50 积分，每天最多计 5 位，当月第 2 位再得 30 积分。" in shown
    begun = operations.get(f"{world.base}/points/rules/new").text
    assert 'value="3:50、6:100"' in begun and 'value="2:30"' in begun
    assert "第几天:积分" in publish(operations, world, act_visit_steps="3-50")


class FormReader(HTMLParser):
    """What a form would send as it stands: fields by name, each with its values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name, value = told.get("name") or "", told.get("value") or ""
        if tag == "select":
            self._select = name
        is_chosen = "selected" in told if tag == "option" else told.get("type") != "checkbox" or "checked" in told
        if tag in ("input", "option") and is_chosen and (name or self._select):
            self.sent.setdefault(name or self._select, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        self._select = "" if tag == "select" else self._select


def test_typed_rules_of_every_kind_come_back_into_the_form_whole(operations: Console, world: World) -> None:
    segment = make_segment(world.mall, title="熟客", is_nightly=True)
    category, store, brand = world.store.category_code, world.store.code, world.merchant.code
    campaign = {"title": "周年庆", "more": "50", "from": "2026-05-01", "to": "2026-05-07", "payer": "merchant"}
    typed = {
        **FORM,
        f"category_{category}": "2",
        f"store_{store}": "0",
        "tier_payer": "merchant",
        "birthday": "25.5",
        "birthday_when": "month",
        "first_order": "30",
        "first_order_payer": "brand",
        "brand": brand,
        **{f"campaign_0_{name}": value for name, value in campaign.items()},
        "campaign_0_categories": [category],
        **{f"campaign_1_{name}": value for name, value in campaign.items()},
        "campaign_1_stores": [store],
        "segment_0_of": segment.public_id,
        "segment_0_more": "5",
        "act_visit": "10",
        "act_visit_steps": "3:50",
        "act_share": "2",
        "act_share_a_day": "3",
        **{f"act_{once}": "7" for once in ("plate", "profile", "adviser")},
        "act_invitation": "50",
        "act_invitation_a_day": "5",
        "act_invitation_steps": "2:30",
    }
    shown = publish(operations, world, **typed)
    assert f"在{world.store.name}消费多得 50% 积分" in shown
    base = f"{world.base}/points/rules"
    (version,) = rule_sets.list_versions(world.mall.id)
    rules = documents.to_rules(version.document)
    assert {extra.kind for extra in rules.extras} == KINDS.keys() and {one.kind for one in rules.acts} == set(ActKind)

    read = FormReader(operations.get(f"{base}/new").text).sent
    again = {name: values for name, values in read.items() if name not in ("csrf_token", "idempotency_key")}
    answer = operations.post(base, page=f"{base}/new", **again)
    rehearsed = rehearsals.get(world.mall.id, answer.location.rpartition("/")[2])
    assert rehearsed.document == version.document
    assert "campaign_1_stores" in again and "周年庆" in operations.get(f"{base}/new?from={rehearsed.public_id}").text


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"member_day_payer": "nobody"}, "member_day_payer"),
        ({"member_day_payer": "brand", "brand": "NOBODY"}, "brand"),
        ({"member_day_payer": "brand", "brand": "UNSETTLED"}, "brand"),
        ({"member_day_payer": "brand"}, "brand"),
        ({"member_day": "-5"}, "member_day"),
        ({"member_day": "99999999"}, "member_day"),
        ({"member_day": "NaN"}, "member_day"),
        ({"mall_rate": ""}, "mall_rate"),
        ({"mall_rate": "-1"}, "mall_rate"),
        ({"mall_rate": "1e9"}, "mall_rate"),
    ],
)
def test_a_wrong_value_is_told_at_its_field_and_the_rest_stays_as_typed(
    operations: Console, world: World, wrong: dict[str, str], problem: str
) -> None:
    """`UNSETTLED` has a store in the mall and no contract: nothing could be settled with it."""
    make_store(world.mall, make_merchant(code="UNSETTLED"))
    before = len(rehearsals.list_latest(world.mall.id, now=clock.now()))
    typed: dict[str, object] = {**FORM, "birthday": "25.5", "act_visit": "10", "act_visit_steps": "3:50"} | wrong
    base = f"{world.base}/points/rules"
    shown = operations.get(operations.post(base, page=f"{base}/new", **typed).location).text
    sent = FormReader(shown).sent
    assert f'id="problem-{problem}"' in shown
    for name in typed.keys() - wrong.keys() - {one for one in typed if one.startswith("campaign_")}:
        value = typed[name]
        assert sent[name] == (value if isinstance(value, list) else [value]), name
    assert len(rehearsals.list_latest(world.mall.id, now=clock.now())) == before


def test_typed_rules_are_tried_on_a_purchase(operations: Console, world: World) -> None:
    example = {
        "example_sum": "286",
        "example_store": world.store.code,
        "example_tier": "gold",
        "example_day": "2026-03-17",
    }
    address = f"{world.base}/points/rules/example"
    shown = operations.post(address, **FORM, **example).text
    assert "<b>600</b> 积分" in shown and "286 元 × 1 + 金卡会员加赠 10% + 会员日加赠 100%" in shown
    assert "填好规则后" in operations.post(address, **FORM | {"mall_rate": "x"}, **example).text


def test_a_day_that_has_other_rules_is_taken(operations: Console, world: World) -> None:
    publish(operations, world)
    assert "这一天已有另一套积分规则" in publish(operations, world, mall_rate="2")
    assert "最早" in publish(operations, world, effective_from=clock.business_date(clock.now()).isoformat())
    (version,) = rule_sets.list_versions(world.mall.id)
    assert documents.to_rules(version.document).mall_rate_bps == 10_000
