"""Tags in the console: evidence on the member's page, words given and taken, the dictionary, thresholds."""

import re
from datetime import date, timedelta

from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.lifecycle.stages.models import Stage
from app.lifecycle.tags.by_hand import queries as by_hand
from app.lifecycle.tags.computed import thresholds
from app.lifecycle.tags.computed.models import MemberTag
from app.lifecycle.tags.computed.rules import DEFAULT
from app.timeline import events
from app.timeline.models import EventKind
from tests.builders.buying import at
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_night, make_path
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock


def tagged(world: World, kind: str, value: str, **evidence: int) -> None:
    day = app_clock.business_date(app_clock.now())
    db.session.add(
        MemberTag(
            member_id=world.member.id,
            kind=kind,
            value=value,
            home_mall_id=world.mall.id,
            weight_bps=6_000,
            evidence=evidence,
            since=day,
            worked_out_on=day,
        )
    )
    db.session.flush()


def test_tags_are_told_with_their_evidence_and_brands_by_name(auditor: Console, world: World, other: World) -> None:
    tagged(world, "category", "dining", times=7, of=9)
    tagged(world, "brand", str(world.merchant.id), times=5, of=9)
    tagged(world, "brand", str(other.merchant.id), times=2, of=9)

    page = auditor.get(f"{world.base}/members/{world.member.public_id}?tab=tags").text

    assert "近 180 天 9 次消费中 7 次在餐饮" in page
    assert f"近 180 天 9 次消费中 5 次在「{world.merchant.name}」" in page
    assert other.merchant.name not in page


def test_a_word_is_given_and_taken_once_and_written_down(operations: Console, world: World) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    for _ in range(2):
        done = operations.post(f"{page}/tags", key="give-once", name="团购群主", why="常组织邻居拼单")
        assert done.location == f"{page}?tab=tags"
    told = operations.get(f"{page}?tab=tags").text
    assert "团购群主" in told and "常组织邻居拼单" in told and "张岚" in told
    entry = audited("tag.give")
    assert (entry.subject, entry.facts) == (f"member:{world.member.id}", {"tag": "团购群主"})

    word = by_hand.get_by_name(world.mall.id, "团购群主")
    operations.post(f"{page}/tags/{word.id}/take")
    assert "常组织邻居拼单" not in operations.get(f"{page}?tab=tags").text
    assert audited("tag.take").facts == {"tag": "团购群主"}


def test_what_is_wrong_with_a_word_is_said_beside_it_and_nothing_is_lost(operations: Console, world: World) -> None:
    page = f"{world.base}/members/{world.member.public_id}"
    operations.post(f"{page}/tags", page=f"{page}?tab=tags", name="这个标签的名字实在是太长了吧", why="依据")
    told = operations.get(f"{page}?tab=tags").text
    assert "请填写 1 至 12 个字" in told and 'value="依据"' in told


def test_a_word_is_renamed_taken_over_and_given_up(operations: Console, world: World) -> None:
    here = f"{world.base}/tags/words/{world.word_id}"
    operations.post(here, name="养猫", note="家里养猫")
    operations.post(f"{here}/take-over")
    listed = operations.get(f"{world.base}/tags").text
    assert "养猫" in listed and "家里养猫" in listed and "张岚" in listed
    operations.post(f"{here}/remove")
    assert "家里养猫" not in operations.get(f"{world.base}/tags").text
    assert audited("tag.remove").facts == {"tag": "养猫"}


def test_thresholds_are_published_from_tomorrow_by_who_keeps_all_malls(
    operations: Console, administrator: Console, world: World, other: World, clock: StillClock
) -> None:
    here = f"{world.base}/tags/thresholds"
    tomorrow = app_clock.business_date(clock.now) + timedelta(days=1)
    form = administrator.get(f"{here}/new").text
    typed = dict(re.findall(r'name="([a-z_]+)" type="text" value="([0-9.]+)"', form))
    assert len(typed) == 20
    typed |= {"least_purchases": "5", "effective_from": tomorrow.isoformat()}
    assert operations.post(here, **typed).status_code == 403

    wrong = administrator.post(
        here, page=f"{here}/new", **(typed | {"price_full_bps": "20", "long_stay_minutes": "30"})
    )
    told = administrator.get(wrong.location or "").text
    assert "要比「看重优惠」的比例低" in told and "要比「停留久」的分钟数少" in told

    administrator.post(here, **typed)
    assert thresholds.in_force(tomorrow).thresholds.least_purchases == 5
    assert thresholds.in_force(tomorrow - timedelta(days=1)).thresholds == DEFAULT
    assert audited("tag_rules.publish").facts == {"effective_from": tomorrow.isoformat(), "least_purchases": 5}
    assert "最少消费次数" in administrator.get(here).text.split("全部版本")[1]


def test_each_move_is_a_line_of_its_day_on_one_page_of_the_timeline(
    auditor: Console, world: World, clock: StillClock
) -> None:
    member, today = make_member(world.mall), app_clock.business_date(clock.now)
    days = [today - timedelta(days=one) for one in (200, 60, 20, 3)]
    make_path(member, *zip(days, (Stage.NEW, Stage.FIRST, Stage.SLEEPING, Stage.LOST), strict=True))
    for one in range(40):  # from 63 days ago on to 24 days ago: the first move is before all, two are behind them
        came = at(today - timedelta(days=63 - one))
        fact = Fact("test", EventKind.VISITED, app_clock.business_date(came))
        events.record(member.id, kind=EventKind.VISITED, fact=fact, occurred_at=came, mall_id=world.mall.id)
    page = f"{world.base}/members/{member.public_id}?size=30"
    told = ("分层为新会员", "分层由新会员变为已购会员", "分层由已购会员变为沉睡", "分层由沉睡变为流失")

    def shown(more: str) -> list[str]:
        found = auditor.get(page + more).text
        following = re.search(r'class="more-row".*?href="([^"]+)"', found, re.DOTALL)
        rest = auditor.get(following[1].replace("&amp;", "&")).text if following else ""
        pages = (one.partition("<tbody")[2] for one in (found, rest))
        return [row for one in pages for row in re.findall(r">\s*(分层[由为][^<]*?|到店)\s*<", one)]

    falling, rising = shown(""), shown("&sort=at")
    assert falling == [told[3], told[2], *["到店"] * 36, told[1], *["到店"] * 4, told[0]] and rising == falling[::-1]
    span = f"&day_from={days[1] - timedelta(days=1)}&day_to={days[2]}"
    assert [one for one in shown(span) if one != "到店"] == [told[2], told[1]]
    assert not [one for one in shown("&group=came") if one != "到店"]

    def of_day(day: date) -> str:
        return auditor.get(f"{page}&day_from={day}&day_to={day}").text.partition('id="list"')[2]

    alone, empty = of_day(days[3]), of_day(today)
    assert re.findall("分层[由为][^<]*", alone) == [told[3]] and "没有符合条件的记录" not in alone
    assert "没有符合条件的记录" in empty and not re.findall("分层[由为]", empty)
    [way_out] = re.findall('href="([^"]+)">清除全部条件', empty)
    assert told[3] in auditor.get(way_out.replace("&amp;", "&")).text


def test_the_member_s_page_says_where_they_stand_and_stood_and_why(
    auditor: Console, world: World, clock: StillClock
) -> None:
    today = app_clock.business_date(clock.now)
    joined, bought = today - timedelta(days=20), today - timedelta(days=5)
    make_path(world.member, (joined, Stage.NEW), (bought, Stage.FIRST))
    make_night(today - timedelta(days=1))
    came = Fact("test", EventKind.VISITED, joined)
    events.record(world.member.id, kind=EventKind.VISITED, fact=came, occurred_at=at(joined), mall_id=world.mall.id)
    page = f"{world.base}/members/{world.member.public_id}?tab=lifecycle"

    told = auditor.get(page).text
    assert (
        "已购会员" in told
        and "上一分层「新会员」" in told
        and "活跃度：" in told
        and "五期划分" in told
        and "5 天前消费" in told
    )

    story = auditor.get(page.split("?")[0]).text
    rows = [row for row in re.findall("<tr>.*?</tr>", story, re.DOTALL) if f"{joined:%m-%d}" in row or "分层" in row]
    assert [re.findall(r"分层由新会员变为已购会员|分层为新会员|到店", row)[0] for row in rows] == [
        "分层由新会员变为已购会员",
        "分层为新会员",
        "到店",
    ]
    assert f"{bought:%m-%d}" in rows[0] and f"{joined:%m-%d}" in rows[1] and f"{joined:%m-%d}" in rows[2]

    then = auditor.get(f"{page}&as_of={today - timedelta(days=10)}").text.split("回看某一天")[1]
    assert "新会员" in then.split("按规则重算")[0].split("当时记录")[1]
    assert "当时有效的规则" in then and "系统默认规则" in then
    for odd, problem in (("2026-13-01", "请填写日期"), (str(today), "只算到")):
        beside = auditor.get(f"{page}&as_of={odd}").text.split("回看某一天")[1]
        assert f'value="{odd}"' in beside and problem in beside and "当时记录" not in beside
