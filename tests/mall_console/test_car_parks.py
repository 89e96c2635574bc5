"""Car parks as operations keep them: added with the way to the gate, changed, given another secret, switched off."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.flows import parking
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.errors import CarParkUnknown
from app.parking.car_parks.models import CarPark
from app.parking.payment.models import GateMessage
from app.parking.sessions.models import Direction, ParkingSession
from app.parking.sessions.passages import GateReport
from mall_console.kit import shown_once
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited

FORM = {
    "code": "YH-B2",
    "name": "地下二层",
    "gate_url": "https://gate.example.com/b2/",
    "free_minutes": "15",
    "step_minutes": "30",
    "step": "4.5",
    "daily_cap": "60",
    "exit_grace_minutes": "20",
}


def _find(code: str = "YH-B2") -> CarPark | None:
    return db.session.scalar(select(CarPark).where(CarPark.code == code).execution_options(populate_existing=True))


def _get(code: str = "YH-B2") -> CarPark:
    found = _find(code)
    assert found is not None
    return found


def _arrives(code: str, world: World) -> None:
    passage = GateReport(
        event_id=codes.new_public_id(),
        car_park_code=code,
        lane="1",
        plate="沪B12345",
        direction=Direction.IN,
        occurred_at=clock.now(),
    )
    parking.record_gate_report(passage, mall_id=world.mall.id, now=clock.now())


def _unheard(world: World) -> GateMessage:
    session = db.session.scalars(select(ParkingSession).where(ParkingSession.car_park_id == world.car_park.id)).one()
    now = clock.now()
    message = GateMessage(
        message_id=codes.new_public_id(),
        car_park_id=world.car_park.id,
        session_id=session.id,
        paid_fen=600,
        waived_fen=0,
        exit_by=now,
        created_at=now,
        due_at=now + timedelta(hours=1),
        attempts=3,
        last_error="bad_signature",
    )
    db.session.add(message)
    db.session.flush()
    return message


def test_a_car_park_is_added_with_its_first_tariff_and_takes_cars_at_once(operations: Console, world: World) -> None:
    shown = operations.post(f"{world.base}/parking/car-parks", store=world.store.code, **FORM)
    made = _get()
    assert (made.mall_id, made.store_id, made.name, made.active) == (world.mall.id, world.store.id, "地下二层", True)
    assert made.gate_url == "https://gate.example.com/b2"
    [tariff] = tariffs.list_tariffs(made.id)
    assert (tariff.step_fen, tariff.free_minutes, tariff.exit_grace_minutes) == (450, 15, 20)
    assert tariff.effective_from <= clock.now()
    assert shown.status_code == 200 and car_parks.gate_secret(made) in shown.text
    _arrives(made.code, world)
    listed = operations.get(f"{world.base}/parking/car-parks").text
    assert "地下二层" in listed and "1 辆" in listed and car_parks.gate_secret(made) not in listed


def test_the_secret_is_shown_once_and_stands_in_no_log(operations: Console, world: World) -> None:
    key, address = codes.new_public_id(), f"{world.base}/parking/car-parks"
    secret_page = operations.post(address, key=key, store=world.store.code, **FORM)
    secret = car_parks.gate_secret(_get())
    again = operations.post(address, key=key, store=world.store.code, **FORM)
    assert secret in secret_page.text
    assert again.location == f"{address}/YH-B2" and secret not in operations.get(again.location).text
    entry = audited("parking.add_car_park")
    assert entry.subject == f"car_park:{_get().id}" and secret not in str(entry.facts)
    assert entry.facts["gate_url"] == FORM["gate_url"] and entry.store_id == world.store.id


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"gate_url": "ftp://gate.example.com"}, "道闸地址"),
        ({"gate_url": "gate.example.com"}, "道闸地址"),
        ({"gate_url": "https://user:pass@gate.example.com"}, "道闸地址"),
        ({"gate_url": "https://gate.example.com/?to=1"}, "道闸地址"),
        ({"gate_url": "https://"}, "道闸地址"),
        ({"code": "停车场一"}, "停车场编号"),
        ({"code": "a/b"}, "停车场编号"),
        ({"name": ""}, "停车场名称"),
        ({"store": "YT-4F"}, "结算门店"),
        ({"store": ""}, "结算门店"),
        ({"step_minutes": "0"}, "计费单位"),
        ({"daily_cap": "1"}, "24 小时封顶"),
    ],
)
def test_what_makes_no_sense_is_refused_and_keeps_what_was_typed(
    operations: Console, world: World, other: World, wrong: dict[str, str], said: str
) -> None:
    page = f"{world.base}/parking/new"
    typed = FORM | {"store": world.store.code} | wrong
    assert operations.post(f"{world.base}/parking/car-parks", page=page, **typed).location == page
    shown = operations.get(page).text
    assert said in shown.split('class="flash')[1].split("</p>")[0]
    assert f'value="{typed["exit_grace_minutes"]}"' in shown and f'value="{typed["step"]}"' in shown
    assert f'value="{world.store.code}" selected' in shown or "store" in wrong
    assert _find() is None


def test_a_code_of_another_mall_is_not_taken_over(operations: Console, world: World, other: World) -> None:
    page, before = f"{world.base}/parking/new", other.car_park.gate_url
    typed = FORM | {"store": world.store.code, "code": other.car_park.code}
    operations.post(f"{world.base}/parking/car-parks", page=page, **typed)
    assert "这个停车场编号已被使用" in operations.get(page).text
    kept = _get(other.car_park.code)
    assert (kept.mall_id, kept.gate_url) == (other.mall.id, before)


def test_name_and_gate_are_changed_and_the_log_tells_from_what(operations: Console, world: World) -> None:
    address = f"{world.base}/parking/car-parks/{world.car_park.code}"
    answer = operations.post(address, name="新名字", gate_url="http://10.0.0.8:8080")
    assert answer.location == address
    changed = _get(world.car_park.code)
    assert (changed.name, changed.gate_url) == ("新名字", "http://10.0.0.8:8080")
    facts = audited("parking.change_car_park").facts
    assert (facts["before"], facts["gate_url_before"]) == ("甲停车场", "http://127.0.0.1:9")
    operations.post(address, page=address, name="再改", gate_url="nowhere")
    shown = operations.get(address).text
    assert 'value="再改"' in shown and 'value="nowhere"' in shown and _get(world.car_park.code).name == "新名字"


def test_in_production_only_https_leads_to_a_gate(
    operations: Console, world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "huitou", replace(app.extensions["huitou"], environment="production"))
    address = f"{world.base}/parking/car-parks/{world.car_park.code}"
    operations.post(address, page=address, name="甲停车场", gate_url="http://gate.example.com")
    shown = operations.get(address).text
    assert "正式环境须为 https" in shown and _get(world.car_park.code).gate_url == "http://127.0.0.1:9"
    operations.post(address, name="甲停车场", gate_url="https://gate.example.com")
    assert _get(world.car_park.code).gate_url == "https://gate.example.com"


def test_another_secret_ends_the_old_one_and_is_not_shown_again(operations: Console, world: World) -> None:
    address, key = f"{world.base}/parking/car-parks/{world.car_park.code}", codes.new_public_id()
    shown = operations.post(f"{address}/secret", key=key)
    secret = car_parks.gate_secret(_get(world.car_park.code))
    assert secret != "gate-secret" and secret in shown.text
    assert operations.post(f"{address}/secret", key=key).location == address
    assert car_parks.gate_secret(_get(world.car_park.code)) == secret
    assert audited("parking.new_gate_secret").facts == {} and secret not in operations.get(address).text


def test_a_switched_off_car_park_takes_no_reports_until_it_is_switched_on(operations: Console, world: World) -> None:
    address = f"{world.base}/parking/car-parks/{world.car_park.code}"
    assert "当前还有" in operations.get(address).text
    assert operations.post(f"{address}/off").location == address
    with pytest.raises(CarParkUnknown):
        _arrives(world.car_park.code, world)
    assert "已停用" in operations.get(f"{world.base}/parking/car-parks").text
    operations.post(f"{address}/on")
    _arrives(world.car_park.code, world)
    assert audited("parking.switch_off").subject == audited("parking.switch_on").subject


def test_what_the_gate_has_not_taken_is_told_with_its_word(auditor: Console, operations: Console, world: World) -> None:
    address = f"{world.base}/parking/car-parks"
    assert "均已通知道闸放行" in auditor.get(f"{address}/{world.car_park.code}").text
    _unheard(world)
    assert "未送达 1" in auditor.get(address).text
    assert f"{world.car_park.name}的道闸未接收放行通知" in operations.get(world.base).text
    assert "道闸拒绝：bad_signature" in auditor.get(f"{address}/{world.car_park.code}").text


def test_who_only_sees_gets_no_forms(auditor: Console, world: World) -> None:
    for path in ("", f"/{world.car_park.code}"):
        page = auditor.get(f"{world.base}/parking/car-parks{path}").text
        assert world.car_park.name in page
        assert "<form" not in page.split("<main")[1] and "添加停车场" not in page
    assert "http://127.0.0.1:9" in page


def test_a_mall_without_car_parks_says_what_to_do(
    operations: Console, auditor: Console, world: World, other: World
) -> None:
    db.session.execute(CarPark.__table__.update().where(CarPark.id == world.car_park.id).values(mall_id=other.mall.id))
    address = f"{world.base}/parking/car-parks"
    assert "点「添加停车场」开始" in operations.get(address).text
    assert "商场运营添加后会列在这里" in auditor.get(address).text


def test_of_two_presses_at_one_moment_only_the_stored_secret_is_shown(app: Flask) -> None:
    with app.test_request_context():
        shown_once.keep("lost-to-the-other-press")
        assert shown_once.page("onward", stored=lambda: "stored") == "onward"
        assert shown_once.page("onward", stored=lambda: "stored") == "onward"


def test_a_refused_tariff_is_kept_in_the_form_of_its_own_car_park(operations: Console, world: World) -> None:
    operations.post(f"{world.base}/parking/car-parks", store=world.store.code, **FORM)
    page = f"{world.base}/parking/tariffs"
    tariff = {name: FORM[name] for name in ("free_minutes", "step_minutes", "step", "exit_grace_minutes")}
    typed = tariff | {"car_park": world.car_park.code, "effective_from": "2026-03-20", "daily_cap": "1.23"}
    operations.post(page, page=page, **typed)
    folds = operations.get(page).text.split("<details")[1:]
    mine, others = sorted(folds, key=lambda fold: f'value="{world.car_park.code}"' not in fold)
    assert 'value="1.23"' in mine and "open" in mine.split(">")[0]
    assert 'value="1.23"' not in others and "open" not in others.split(">")[0]
