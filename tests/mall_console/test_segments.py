"""Segments in the console: built condition by condition, counted meanwhile, saved with versions, and exported."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.access.models import Role
from app.access.scopes import Place
from app.identity.profiles import profiles
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.lifecycle.segments import queries, segments, uses
from app.lifecycle.segments.models import Segment
from app.lifecycle.stages.models import Stage
from mall_console.segments import words
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.lifecycle import make_path
from tests.builders.segments import make_segment
from tests.mall_console.conftest import Console, SignIn, audited

# What a form holds of `消费 ≥ 50 元 within 90 days, or not one of the silver tier`.
TREE: dict[str, Any] = {
    "node": ["r", "r.0", "r.1", "r.1.0"],
    "mode-r": "all",
    "field-r.0": "spend",
    "how-r.0": "at_least",
    "value-r.0": "50",
    "days-r.0": "90",
    "mode-r.1": "any",
    "not-r.1": "yes",
    "field-r.1.0": "tier",
    "how-r.1.0": "any_of",
    "value-r.1.0": ["gold"],
}
HTMX = {"HX-Request": "true"}
SAVED = {
    "all": [
        {"field": "spend", "operator": "at_least", "value": 5_000, "days": 90},
        {"not": {"any": [{"field": "tier", "operator": "any_of", "value": ["gold"]}]}},
    ]
}


def made(title: str = "好会员") -> Segment:
    return db.session.scalars(select(Segment).where(Segment.title == title)).one()


def part(console: Console, path: str, **fields: object) -> Any:
    """What a button of the form gets by script."""
    hidden = {"csrf_token": console.token, "idempotency_key": "k" * 32}
    return console.client.post(path, data=hidden | fields, headers=HTMX)


@pytest.mark.requirement("S2.7")
def test_conditions_are_built_counted_and_saved(operations: Console, world: World) -> None:
    base = f"{world.base}/segments"
    empty = part(operations, f"{base}/build", node="r", do="add:r", **{"new-r": "spend"})
    assert empty.headers["HX-Trigger-After-Settle"] == "segment-changed"
    assert 'name="field-r.0" value="spend"' in empty.text and "消费金额" in empty.text
    assert "填好全部条件后" in part(operations, f"{base}/count", **TREE | {"value-r.0": ""}).text
    score = {"field-r.0": "monetary_score", "value-r.0": "9", "days-r.0": ""}
    assert "「消费金额得分」超出可填范围" in part(operations, f"{base}/count", **TREE | score).text
    counted = part(operations, f"{base}/count", **TREE).text
    assert "<b>1</b>" in counted and world.member.phone_masked in counted
    answer = operations.post(base, title="好会员", keeping="nightly", **TREE)
    segment = made()
    assert answer.location == f"{base}/{segment.public_id}"
    assert queries.get_version(segment).definition == {"version": 1, "root": SAVED}
    assert (segment.mall_id, segment.is_nightly, segment.owner_name) == (world.mall.id, True, "张岚")
    assert audited("segment.create").facts == {"segment.title": "好会员"}
    shown = operations.get(answer.location).text
    assert "近 90 天消费金额不少于 ¥50.00" in shown and "排除满足任一的" in shown and "等级是 金卡会员" in shown
    segments.refresh(segment, now=app_clock.now())
    assert world.member.phone_masked in operations.get(answer.location).text


def test_every_button_works_without_a_script(operations: Console, world: World) -> None:
    build = f"{world.base}/segments/build"
    group = operations.post(build, do="group:r", title="未完", **TREE).text
    assert 'name="node" value="r.2"' in group and 'value="未完"' in group and 'id="mode-r.2-any"' in group
    assert 'name="csrf_token"' in group
    dropped = operations.post(build, do="drop:r.1", **TREE).text
    assert 'name="node" value="r.0"' in dropped and 'name="node" value="r.1"' not in dropped
    assert "<b>1</b>" in operations.post(build, do="show", **TREE).text
    for do in ("drop:r", "drop:r.9", "add:r.0", "add:r", "group:r.0", "x", "drop:../r", ""):
        assert operations.post(build, do=do, **TREE).status_code == 200


def test_what_is_wrong_is_said_where_it_is_and_nothing_is_lost(operations: Console, world: World) -> None:
    base = f"{world.base}/segments"
    refused = operations.post(base, title="好会员", **TREE | {"value-r.0": "五十", "value-r.1.0": "wood"})
    assert refused.status_code == 422
    assert 'id="fault-r.0">格式不对' in refused.text and 'id="fault-r.1.0">有选项已不可用' in refused.text
    assert 'value="五十"' in refused.text and 'value="好会员"' in refused.text
    unnamed = operations.post(base, title=" ", **TREE)
    assert unnamed.status_code == 422 and "请填写 1 至 30 个字的名称" in unnamed.text
    taken = operations.post(base, title=world.segment.title, **TREE)
    assert taken.status_code == 422 and "已有同名的人群" in taken.text and 'value="50"' in taken.text
    nothing = operations.post(base, title="空的")
    assert nothing.status_code == 422 and "请至少添加一个条件" in nothing.text


def test_change_is_a_new_version_and_two_at_once_do_not_overwrite(operations: Console, world: World) -> None:
    page = f"{world.base}/segments/{world.segment.public_id}"
    form = operations.get(f"{page}/edit").text
    assert 'name="seen" value="1"' in form and re.search(r'name="value-r\.0" value="7"', form)
    changed = {"segment": world.segment.public_id, "title": "改了", "seen": "1", **TREE}
    assert operations.post(page, **changed).location == page
    assert audited("segment.change").facts == {"segment.title": "改了", "segment.version": 2}
    again = operations.post(page, **changed | {"value-r.0": "60"})
    assert again.status_code == 422 and "刚才有人改过这个人群" in again.text and 'value="60"' in again.text
    versions = operations.get(f"{page}?tab=versions").text
    assert "第 2 版" in versions and "第 1 版" in versions and "入会时间在近 7 天内" in versions


def test_archived_segments_are_kept_but_not_used(operations: Console, world: World) -> None:
    page = f"{world.base}/segments/{world.segment.public_id}"
    assert operations.post(f"{page}/archive").location == f"{world.base}/segments"
    assert audited("segment.archive").subject == f"segment:{world.segment.id}"
    assert "已停用" in operations.get(page).text
    assert operations.get(f"{page}/edit").status_code == 403
    assert operations.post(f"{page}/archive").status_code == 403
    copied = operations.get(f"{world.base}/segments/new?from={world.segment.public_id}").text
    assert 'name="field-r.0" value="joined"' in copied


def test_members_are_exported_masked(operations: Console, world: World) -> None:
    page = f"{world.base}/segments/{world.segment.public_id}"
    file = operations.get(f"{page}?export=csv")
    text = file.data.decode("utf-8-sig")
    assert world.member.phone_masked in text and "13711118765" not in text
    facts = audited("list.export").facts
    assert (facts["list"], facts["of"], facts["rows"]) == ("人群会员", world.segment.title, 1)


def test_members_are_listed_with_stage_and_last_visit(operations: Console, world: World) -> None:
    page = f"{world.base}/segments/{world.segment.public_id}"
    assert world.member.public_id in operations.get(page).text
    make_path(world.member, (date(2026, 2, 3), Stage.SLEEPING))
    listed = operations.get(page).text.split('id="list"')[1]
    assert "沉睡" in listed and "2026-02-03" in listed


def test_members_of_another_mall_are_seen_by_who_keeps_it(world: World, other: World, enter: SignIn) -> None:
    here, everywhere = enter(Role.OPERATIONS, Place(mall_id=world.mall.id)), enter(Role.OPERATIONS)
    group = make_segment(None, title="全集团新会员")
    page = f"{world.base}/segments/{group.public_id}"
    shown = here.get(page).text
    assert world.member.phone_masked in shown and other.member.phone_masked not in shown
    assert here.get(f"{page}/edit").status_code == here.post(f"{page}/archive").status_code == 403
    assert here.get(f"{world.base}/segments/{other.segment.public_id}").status_code == 404
    assert "全集团的会员" not in here.get(f"{world.base}/segments/new").text
    assert everywhere.get(f"{page}/edit").status_code == 200
    tree = {"node": ["r", "r.0"], "field-r.0": "joined", "how-r.0": "within", "value-r.0": "7"}
    counts = [part(one, f"{world.base}/segments/count", place="group", **tree).text for one in (everywhere, here)]
    assert "<b>2</b>" in counts[0] and "<b>1</b>" in counts[1]
    everywhere.post(f"{world.base}/segments", title="全部", place="group", **tree)
    assert made("全部").mall_id is None


def test_count_leaves_out_who_switched_profiling_off(operations: Console, world: World) -> None:
    member = make_member(world.mall)
    profiles.stop_profiling(member.id, now=app_clock.now())
    base = f"{world.base}/segments/count"
    joined = {"node": ["r", "r.0"], "field-r.0": "joined", "how-r.0": "within", "value-r.0": "7"}
    spent = {"node": ["r", "r.0"], "field-r.0": "spend", "how-r.0": "at_least", "value-r.0": "0"}
    assert "<b>2</b>" in part(operations, base, **joined).text
    assert "<b>1</b>" in part(operations, base, **spent).text


@pytest.mark.parametrize("code", ["bought_stores", "children", "birthday", "has_plate", "completeness", "points"])
def test_fields_of_every_kind_are_shown_by_their_names(operations: Console, world: World, code: str) -> None:
    shown = part(operations, f"{world.base}/segments/build", node="r", do="add:r", **{"new-r": code}).text
    assert f'name="field-r.0" value="{code}"' in shown and f"<b>{code}</b>" not in shown


def test_the_page_tells_where_a_segment_is_used(operations: Console, world: World) -> None:
    below = make_segment(None, title="基础人群", is_nightly=True)
    page = f"{world.base}/segments/{below.public_id}"
    shown = operations.get(page).text
    assert "还没有在别处使用" in shown and f'href="{world.base}/points/rules/new"' in shown
    above = {"field": "segment", "operator": "any_of", "value": [str(below.id)]}
    make_segment(None, above, title="精选人群")
    shown = operations.get(page).text
    assert "人群条件" in shown and "精选人群" in shown


def test_where_a_segment_can_be_used_is_known_of_every_kind_of_use() -> None:
    assert words.USE_PLACES.keys() == uses.all_finders().keys() == words.USE_KINDS.keys()


def test_a_live_segment_can_be_used_once_it_is_kept(operations: Console, world: World) -> None:
    shown = operations.get(f"{world.base}/segments/{world.segment.public_id}").text
    assert "改为每晚更新后，可以用在" in shown and "/points/rules/new" not in shown


def test_the_list_says_as_of_when_it_counts_and_whether_that_was_before_a_change(
    operations: Console, world: World
) -> None:
    kept = make_segment(world.mall, title="熟客", is_nightly=True)
    kept.refreshed_version, kept.refreshed_at, kept.members = kept.version, app_clock.now(), 1_234
    db.session.flush()
    told = f"截至 {app_clock.local(kept.refreshed_at):%m-%d %H:%M}"
    listed = operations.get(f"{world.base}/segments").text
    assert "1,234" in listed and told in listed and f"{told}，修改前" not in listed
    kept.version += 1
    db.session.flush()
    assert f"{told}，修改前" in operations.get(f"{world.base}/segments").text
