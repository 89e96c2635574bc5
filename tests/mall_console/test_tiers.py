"""The ladder on its page: changed, previewed, published from a day on, taken back; and who is close to moving."""

from datetime import timedelta

from sqlalchemy import update

from app.access.models import Role
from app.benefits.tier_benefits import benefits
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.growth import rule_sets
from app.tiers.ladders import documents, ladders
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.rehearsals import rehearsals
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.mall_console.conftest import Console, SignIn, audited
from tests.support.clock import StillClock


def typed(**changes: str) -> dict[str, str]:
    return {
        "lasting": "limited",
        "period_months": "12",
        "at_end": "one_down",
        "name_silver": "银卡会员",
        "at_silver": "0",
        "name_gold": "金卡会员",
        "at_gold": "3000",
        "name_more1": "黑金卡",
        "at_more1": "20000",
        **changes,
    }


def tomorrow() -> str:
    return (clock.business_date(clock.now()) + timedelta(days=1)).isoformat()


def rehearse(console: Console, world: World, **changes: str) -> str:
    """The page of the rehearsal to which the form leads."""
    base = f"{world.base}/tiers"
    answer = console.post(base, page=f"{base}/new", **typed(**changes))
    assert "/tiers/rehearsals/" in answer.location
    return answer.location


def test_a_ladder_is_previewed_published_and_taken_back(administrator: Console, world: World) -> None:
    base = f"{world.base}/tiers"
    said = administrator.post(f"{base}/example", page=f"{base}/new", **typed()).text
    assert "黑金卡" in said and "否则降一级" in said
    rehearsed = rehearse(administrator, world)
    assert len(ladders.list_versions()) == 1
    answer = administrator.post(rehearsed, page=rehearsed, effective_from=tomorrow())
    assert "银卡会员 0、金卡会员 3,000、黑金卡 20,000" in administrator.get(answer.location).text
    coming = ladders.list_dated()[0].ladder
    assert [rung.code for rung in coming.rungs] == ["silver", "gold", "tier-1"]
    assert (coming.period_months, coming.at_end) == (12, AtEnd.ONE_DOWN)
    assert "黑金卡 20,000" in audited("tier.publish_ladder").facts["rungs"]
    version = ladders.list_versions()[0]
    administrator.post(f"{base}/{version.id}/withdraw", page=base)
    assert len(ladders.list_versions()) == 1 and audited("tier.withdraw_ladder")


def test_what_makes_no_ladder_is_told_beside_its_field(administrator: Console, world: World) -> None:
    base = f"{world.base}/tiers"
    for changes, problem in (
        ({"name_gold": "银卡会员"}, "名称不能重复"),
        ({"at_more1": "3000"}, "门槛不能相同"),
        ({"at_more1": ""}, "名称和门槛要一起填写"),
        ({"at_silver": "5"}, "请填写"),
        ({"period_months": ""}, "请填写"),
    ):
        answer = administrator.post(base, page=f"{base}/new", **typed(**changes))
        assert problem in administrator.get(answer.location).text
    assert len(ladders.list_versions()) == 1


def test_who_keeps_one_mall_of_several_changes_no_ladder(operations: Console, world: World, other: World) -> None:
    base = f"{world.base}/tiers"
    page = operations.get(base).text
    assert "由负责所有商场的运营或管理员调整" in page and 'btn btn-quiet" href="' + base + '/new">推演等级体系' in page
    assert "由负责所有商场的运营或管理员发布" in operations.get(f"{base}/new").text
    rehearsed = rehearse(operations, world)
    answer = operations.post(rehearsed, page=base, effective_from=tomorrow())
    assert "请由负责所有商场的人调整" in operations.get(answer.location).text
    assert len(ladders.list_versions()) == 1


def test_pages_name_who_stands_where_and_who_is_close(operations: Console, world: World) -> None:
    rungs = (Rung("silver", "银卡", 0), Rung("gold", "金卡", 2_000), Rung("platinum", "铂金卡", 9_000))
    yearly = Ladder(rungs, 12, AtEnd.ONE_DOWN)
    db.session.execute(update(TierLadder).values(document=documents.to_document(yearly)))
    high, close, low = (make_member(world.mall) for _ in range(3))
    for member, growth in ((high, 2_500), (close, 1_700), (low, 500)):
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("test"), now=clock.now())
    page = operations.get(f"{world.base}/tiers").text
    assert "金卡" in page and "近 12 个月的成长值达到门槛，当天升级。" in page
    falling = operations.get(f"{world.base}/tiers/near/falling").text
    assert f"/members/{high.public_id}" in falling and "降至银卡" in falling
    rising = operations.get(f"{world.base}/tiers/near/rising").text
    assert f"/members/{close.public_id}" in rising and f"/members/{low.public_id}" not in rising
    assert f"/members/{high.public_id}" not in rising
    closer, golden = make_member(world.mall), make_member(world.mall)
    for member, growth in ((closer, 1_900), (golden, 8_500)):
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("test"), now=clock.now())
    rising = operations.get(f"{world.base}/tiers/near/rising?sort=missing&tier=silver").text
    assert 0 < rising.index(f"/members/{closer.public_id}") < rising.index(f"/members/{close.public_id}")
    rising = operations.get(f"{world.base}/tiers/near/rising?sort=missing&tier=gold").text
    assert f"/members/{golden.public_id}" in rising and f"/members/{close.public_id}" not in rising


def test_who_has_just_fallen_is_not_close_by_what_they_rose_by(enter: SignIn, world: World, clock: StillClock) -> None:
    rungs = (Rung("silver", "银卡", 0), Rung("gold", "金卡", 2_000))
    yearly = documents.to_document(Ladder(rungs, 12, AtEnd.ONE_DOWN))
    db.session.execute(update(TierLadder).values(document=yearly))
    member = make_member(world.mall)
    crediting.credit(member.id, growth=2_500, reason=note("试"), fact=Fact("test"), now=clock.now)
    for days, is_falling in ((363, True), (1, True), (1, False)):  # the day before, the last day, and the day after
        clock.advance(days=days)
        operations = enter(Role.ADMINISTRATOR)
        near = f"{world.base}/tiers/near"
        assert (f"/members/{member.public_id}" in operations.get(f"{near}/falling").text) is is_falling
        assert f"/members/{member.public_id}" not in operations.get(f"{near}/rising").text


def test_rules_of_growth_are_published_and_taken_back(administrator: Console, world: World) -> None:
    base = f"{world.base}/tiers/growth"
    assert "每消费 1 元得 1 成长值" in administrator.get(base).text
    numbers = {"join_growth": "10", "task_growth": "5", "visit_growth": "0", "interaction_growth": "0"}
    day = (clock.business_date(clock.now()) + timedelta(days=1)).isoformat()
    numbers |= {"invitation_growth": "20", "invitations_a_day": "5"}
    typed = {**numbers, "interactions_a_day": "1", "spend": "1.5", "effective_from": day}
    answer = administrator.post(base, page=base, **typed)
    assert "每消费 1 元得 1.5 成长值" in administrator.get(answer.location).text
    (version,) = rule_sets.list_versions()
    assert version.spend_bps == 15_000 and "每消费 1 元得 1.5" in audited("tier.publish_growth").facts["rules"][0]
    administrator.post(f"{base}/{version.id}/withdraw", page=base)
    assert not rule_sets.list_versions() and audited("tier.withdraw_growth")


def test_what_tiers_give_is_previewed_published_and_taken_back(operations: Console, world: World) -> None:
    base, campaign = f"{world.base}/tiers/benefits", world.campaign.public_id
    day = (clock.business_date(clock.now()) + timedelta(days=1)).isoformat()
    typed = {
        "effective_from": day,
        "gold_priorities": "queue",
        "gold_allowance_0_of": campaign,
        "gold_allowance_0_when": "week",
        "gold_allowance_0_number": "2",
        "gold_discount_0_at": world.store.code,
        "gold_discount_0_price": "9.5",
    }
    lines = (f"每周 2 张「{world.campaign.title}」", f"{world.store.name} 9.5 折", "优先排队")
    assert all(line in operations.post(f"{base}/example", page=f"{base}/new", **typed).text for line in lines)
    answer = operations.post(base, page=f"{base}/new", **typed)
    page = operations.get(answer.location).text
    assert all(line in page for line in lines) and "每周 2 张" in audited("tier.publish_benefits").facts["benefits"][0]
    again = {**typed, "gold_allowance_1_of": campaign, "gold_allowance_1_when": "week"}
    refused = operations.post(base, page=f"{base}/new", **again)
    assert "同一活动同一频率只能设置一次" in operations.get(refused.location).text
    (version,) = benefits.list_versions(world.mall.id)
    operations.post(f"{base}/{version.id}/withdraw", page=base)
    assert not benefits.list_versions(world.mall.id) and audited("tier.withdraw_benefits")


def test_a_ladder_is_rehearsed_and_published_with_what_was_found(administrator: Console, world: World) -> None:
    base = f"{world.base}/tiers"
    grown = make_member(world.mall)
    crediting.credit(grown.id, growth=1_500, reason=note("试"), fact=Fact("test"), now=clock.now())
    found = rehearse(administrator, world, at_gold="1000", name_more1="", at_more1="").removeprefix(world.base)
    page = administrator.get(f"{world.base}{found}").text
    assert "生效当天升级" in page and "银卡会员" in page
    rehearsal = rehearsals.get(world.mall.id, found.rpartition("/")[2])
    (up,) = [one for one in rehearsals.groups_of(rehearsal) if one.now != one.first]
    assert (up.now, up.first, up.last, up.members, up.growth) == ("silver", "gold", "gold", 1, 1_500)
    assert rehearsal.counted == rehearsal.members
    assert "其中 0 次会用到免费时长" in page
    rehearsal.parking = [[world.mall.id, 3, 1_800, 5_400, 5_600], [world.mall.id + 1, 9, 9, 9, 9]]
    db.session.flush()
    page = administrator.get(f"{world.base}{found}").text
    assert "<b>¥56.00</b><small>现在 ¥18.00 · 生效当天 ¥54.00</small>" in page and "其中 3 次会用到免费时长" in page
    rehearsal.parking = None
    db.session.flush()
    assert "这次推演没有统计停车" in administrator.get(f"{world.base}{found}").text
    listed = administrator.get(base).text
    assert f'{found}">' in listed and "当天升级 1 位，一个有效期后变动 1 位" in listed and "未发布" in listed
    assert ladders.in_force(clock.business_date(clock.now())).rungs[1].threshold == 2_000
    administrator.post(f"{world.base}{found}", page=f"{world.base}{found}", effective_from=tomorrow())
    assert audited("tier.publish_ladder").facts["would_rise"] == 1
    assert ladders.list_dated()[0].ladder.rungs[1].threshold == 1_000
    assert "已经发布" in administrator.get(f"{world.base}{found}").text
    assert f'{found}">推演结果' in administrator.get(base).text
    assert 'value="1000"' in administrator.get(f"{base}/new?from={rehearsal.public_id}").text
