"""Entrances: codes from both platforms, posters that can be scanned, traffic."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from app.entrances import entrances, scans
from app.entrances import queries as entrance_queries
from app.entrances.models import Entrance
from app.insights.entrances import weeks
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms

FORM = {"kind": "car_park", "name": "B1 立柱", "headline": "停车先免 2 小时"}


@pytest.fixture
def platforms(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox that the application's gateway talks to."""
    before = app.extensions["huitou.gateway"]
    with sandbox.running(tmp_path / "sandbox", database_url=database_url) as standing:
        gateway = standing.gateway()
        app.extensions["huitou.gateway"] = gateway
        yield standing
        gateway.close()
    app.extensions["huitou.gateway"] = before


def _made(location: str) -> Entrance:
    return db.session.get_one(Entrance, int(location.rsplit("/", 1)[1]))


@pytest.mark.requirement("S0.16")
def test_a_new_entrance_has_its_code_at_once(operations: Console, world: World, platforms: Platforms) -> None:
    made = _made(operations.post(f"{world.base}/entrances", **FORM).location)
    assert (made.mall_id, made.kind, made.created_by) == (world.mall.id, "car_park", "张岚")
    assert audited("entrance.create").facts == FORM
    picture = operations.get(f"{world.base}/entrances/{made.id}/code")
    assert picture.mimetype.startswith("image/")
    assert made.scene in zxingcpp.read_barcodes(Image.open(BytesIO(picture.data)))[0].text


def test_pressing_twice_makes_one_entrance(operations: Console, world: World, platforms: Platforms) -> None:
    key, page = codes.new_public_id(), f"{world.base}/entrances"
    assert operations.post(page, key=key, **FORM).location == operations.post(page, key=key, **FORM).location
    assert len(entrances.list_entrances(mall_ids=[world.mall.id])) == 2
    assert platforms.calls("/wxa/getwxacodeunlimit") == 1


def test_a_platform_that_is_away_costs_nothing_but_a_retry(
    operations: Console, world: World, platforms: Platforms
) -> None:
    platforms.fault("errcode", "mini", endpoint="/wxa/getwxacodeunlimit", value="45009", times=None)
    address = operations.post(f"{world.base}/entrances", **FORM).location
    page = operations.get(address).text
    assert "重新获取" in page and "微信平台暂时没有响应" in page
    platforms.delete("/faults")
    assert operations.post(f"{address}/code").location == address
    assert entrance_queries.find_code(_made(address).id) is not None
    assert "小程序码已获取" in operations.get(address).text


def test_the_contact_way_carries_the_scene_and_is_made_once(
    operations: Console, world: World, platforms: Platforms
) -> None:
    address = f"{world.base}/entrances/{world.entrance.id}"
    for _ in range(2):
        operations.post(f"{address}/contact-way")
    way = entrance_queries.find_contact_way(world.entrance.id)
    assert way is not None and platforms.calls("/cgi-bin/externalcontact/add_contact_way") == 1
    assert way.qr_url in operations.get(address).text


@pytest.mark.requirement("S0.16")
def test_the_poster_is_a4_at_300_dpi_and_both_its_codes_can_be_scanned(
    operations: Console, world: World, platforms: Platforms
) -> None:
    address = operations.post(f"{world.base}/entrances", **FORM).location
    poster = Image.open(BytesIO(operations.get(f"{address}/poster.png").data))
    assert poster.size == (2480, 3508) and round(poster.info["dpi"][0]) == 300
    texts = [found.text for found in zxingcpp.read_barcodes(poster)]
    scene = _made(address).scene
    assert len(texts) == 2 and all(scene in text for text in texts)
    assert any(text.endswith(f"/h5/?scene={scene}") for text in texts)
    assert operations.get(f"{address}/poster.pdf").data.startswith(b"%PDF")


def test_without_the_platforms_code_the_poster_carries_the_page_s_own(operations: Console, world: World) -> None:
    answer = operations.get(f"{world.base}/entrances/{world.entrance.id}/poster.png")
    texts = [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(answer.data)))]
    assert texts and all(text.endswith(f"/h5/?scene={world.entrance.scene}") for text in texts)
    assert operations.get(f"{world.base}/entrances/{world.entrance.id}/code").status_code == 404


@pytest.mark.requirement("S0.9", "S2.2")
def test_the_list_counts_scans_also_of_those_who_never_joined(operations: Console, world: World) -> None:
    address = f"{world.base}/entrances/{world.entrance.id}"
    assert "入会 1</small>" in operations.get(f"{world.base}/entrances").text, "of two scans no share is told"
    assert " · 转化 " not in operations.get(address).text
    assert operations.get(f"{world.base}/entrances/scans").text.count("仅浏览") == 1
    for visitor in ("visit-3", "visit-4", "visit-5"):
        scans.record(scans.Opening(entrance_id=world.entrance.id, visit_key=visitor), now=clock.now())
    db.session.commit()
    assert "入会 1 · 20.0%" in operations.get(f"{world.base}/entrances").text
    assert "入会 1 · 转化 20.0%" in operations.get(address).text


def test_scans_are_listed_by_their_time_not_as_they_came_in(operations: Console, world: World) -> None:
    for days in (30, 20, 40):
        opening = scans.Opening(entrance_id=world.entrance.id, visit_key=f"brought-{days}")
        scans.record(opening, now=clock.now() - timedelta(days=days))
    db.session.commit()
    listed = f"{world.base}/entrances/scans"
    times = [re.findall("[0-9-]{10} [0-9:]{5}", operations.get(f"{listed}{by}").text) for by in ("", "?sort=at")]
    assert len(times[0]) == 5 and times[0] == sorted(times[0], reverse=True) and times[1] == sorted(times[0])


def test_a_switched_off_entrance_is_stopped_until_it_is_switched_on(operations: Console, world: World) -> None:
    address = f"{world.base}/entrances/{world.entrance.id}"
    operations.post(f"{address}/off")
    assert entrances.get_scanned(world.entrance.scene).standing == entrances.Standing.STOPPED
    assert audited("entrance.switch_off").subject == f"entrance:{world.entrance.id}"
    operations.post(f"{address}/on")
    assert entrances.get_scanned(world.entrance.scene).standing == entrances.Standing.OPEN


def test_a_store_of_another_mall_cannot_be_chosen(operations: Console, world: World, other: World) -> None:
    page = f"{world.base}/entrances/new"
    operations.post(f"{world.base}/entrances", page=page, store=other.store.code, **FORM)
    assert "请选择本商场的门店" in operations.get(page).text
    assert len(entrances.list_entrances(mall_ids=[world.mall.id])) == 1


def test_the_week_of_an_entrance_shows_what_joining_cost(operations: Console, world: World) -> None:
    page = f"{world.base}/entrances/funnel/2026-03-09"
    form = {"entrance": str(world.entrance.id), "amount": "120.50", "note": "海报印刷"}
    assert operations.post(f"{page}/costs", **form).location == page
    assert audited("entrance.enter_cost").facts["cost_fen"] == 12_050
    weeks.count(world.mall.id, date(2026, 3, 9), now=clock.now())
    shown = operations.get(page).text
    assert "从客流到可触达" in shown and "甲电梯屏" in shown and "120.50" in shown
    assert "每周漏斗" in operations.get(f"{world.base}/entrances/{world.entrance.id}").text
    assert operations.get(f"{world.base}/entrances/funnel/2026-03-10").status_code == 404
    refused = operations.post(f"{page}/costs", **form | {"entrance": "0"})
    assert "请选择本商场的入口" in refused.text
    early = f"{world.base}/entrances/funnel/2000-01-03/costs"
    assert "入口自 2026-" in operations.get(operations.post(early, page=early, **form).location or "").text


def test_a_headline_is_edited_and_a_paused_campaign_names_the_entrances_that_promise_it(
    operations: Console, world: World
) -> None:
    entrance = f"{world.base}/entrances/{world.entrance.id}"
    campaign = f"{world.base}/campaigns/{world.campaign.public_id}"
    promise = f"先领{world.campaign.title}"
    for _ in range(2):
        assert operations.post(f"{entrance}/headline", key="H" * 22, headline=promise).location == entrance
    facts = audited("entrance.reword").facts
    assert (facts["headline"], world.entrance.headline) == (promise, promise) and "领券" in facts["headline_before"]
    assert f"{world.entrance.name}「{promise}」" in operations.get(campaign).text
    operations.post(f"{campaign}/pause")
    assert f"请到入口码里核对修改：{world.entrance.name}「{promise}」" in operations.get(campaign).text
    operations.post(f"{entrance}/headline", page=entrance, headline="")
    assert "请填写 1 至 40 个字" in operations.get(entrance).text and world.entrance.headline == promise
