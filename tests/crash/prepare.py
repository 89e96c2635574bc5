"""Fills a stack for the crash test and prints what its clients need: `python -m tests.crash.prepare`."""

import json
import os
from datetime import timedelta
from typing import Any

import requests

from app.access.machines import machines
from app.benefits.campaigns.models import CampaignKind
from app.benefits.grants import grants
from app.entrances import entrances
from app.flows import opening, parking
from app.identity import sessions
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.reasons import note
from app.malls.models import Mall, Store
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.rules import Tariff
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from app.points.ledger import ledger
from app.web import member_auth
from tests.builders import outreach
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_merchant, make_store
from tests.builders.staff import PASSWORD, make_clerk
from tests.support.patience import PATIENCE_S
from wsgi import create_app

COUPONS, DRIVERS, SHOPPERS, LETTERS = 400, 150, 40, 60
CAR_PARK = "CR-P1"
TARIFF = Tariff(free_minutes=15, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)


def main() -> None:
    app = create_app()
    people = _people()
    with app.app_context(), atomic():
        mall = opening.open_mall("CR", name="云上城", city="上海", created_by="test", now=clock.now())
        store = make_store(mall, make_merchant(), name="沸腾火锅", floor="4F")
        make_till(store)
        _joining_gives(mall, store)
        _machines(mall)
        facts = {
            "scene": _scene(mall),
            "store_code": store.code,
            "clerk": _clerk(store),
            "coupons": _coupons(mall, store),
            "cards": [make_member(mall).card_no for _ in range(SHOPPERS)],
            "drivers": _drivers(mall),
            "people": _message_takers(people),
        }
    print(json.dumps(facts))  # noqa: T201  read by the test


def _people() -> list[dict[str, Any]]:
    """People of the sandbox, each with one consent for a reminder."""
    sandbox, template = f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}", os.environ["WECHAT_TEMPLATE_BENEFIT"]
    made = []
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Accept"] = "application/json"
        for number in range(LETTERS):
            known = {"name": f"甲{number}", "phone": f"1360000{number:04d}"}
            person = session.post(f"{sandbox}/phone/api/people", json=known, timeout=PATIENCE_S).json()
            answers = {"results": {template: "accept"}}
            session.post(f"{sandbox}/phone/api/people/{person['id']}/subscribe", json=answers, timeout=PATIENCE_S)
            made.append(person)
    return made


def _joining_gives(mall: Mall, store: Store) -> None:
    hours = make_campaign(mall, title="停车券", kind=CampaignKind.PARKING, parking_minutes=120, mall_share_bps=10_000)
    meal = make_campaign(mall, title="餐饮券", stores=[store])
    for position, campaign in enumerate([hours, meal], start=1):
        grants.grant_on(mall.id, grants.JOIN, campaign.id, position=position)


def _scene(mall: Mall) -> str:
    [entrance] = entrances.list_entrances(mall_ids=[mall.id])
    return entrance.scene


def _machines(mall: Mall) -> None:
    for kind in ("gate", "pos"):
        name = f"SANDBOX_{kind.upper()}"
        machines.register(
            os.environ[f"{name}_ID"],
            kind=kind,
            name=kind,
            secret=os.environ[f"{name}_SECRET"],
            mall_id=mall.id,
            now=clock.now(),
        )


def _clerk(store: Store) -> dict[str, str]:
    phone = "13700000001"
    make_clerk(store, name="李芳", phone=phone)
    return {"phone": phone, "password": PASSWORD}


def _coupons(mall: Mall, store: Store) -> list[str]:
    campaign = make_campaign(mall, title="立减十元", stores=[store], per_member_limit=COUPONS)
    members = [make_member(mall) for _ in range(SHOPPERS)]
    return [make_coupon(members[number % SHOPPERS], campaign).code for number in range(COUPONS)]


def _drivers(mall: Mall) -> list[dict[str, str]]:
    """Members whose cars have stood for 100 minutes, with an hour of parking and 700 points each."""
    operator = make_store(mall, make_merchant(), name="停车场", category_code="parking")
    make_till(operator)
    car_park = car_parks.open_car_park(
        CAR_PARK,
        name="地下停车场",
        store=operator,
        gate=Gate(f"http://127.0.0.1:{os.environ['SANDBOX_PORT']}", os.environ["SANDBOX_GATE_SECRET"]),
        now=clock.now(),
    )
    came = clock.now() - timedelta(minutes=100)
    tariffs.set_tariff(car_park.id, TARIFF, effective_from=came - timedelta(days=1))
    hours = make_campaign(
        mall, title="一小时", kind=CampaignKind.PARKING, parking_minutes=60, face_fen=0, mall_share_bps=10_000
    )
    found = []
    for number in range(DRIVERS):
        member, plate = make_member(mall), f"沪B{number:05d}"
        parking.bind_plate(member.id, plate, now=clock.now())
        make_coupon(member, hours)
        ledger.accrue(member.id, points=700, reason=note("测试"), fact=f"crash:{number}", now=clock.now())
        passage = GateReport(
            event_id=f"in-{number}",
            car_park_code=CAR_PARK,
            lane="1",
            plate=plate,
            direction=Direction.IN,
            occurred_at=came,
        )
        parking.record_gate_report(passage, mall_id=mall.id, now=clock.now())
        started = sessions.start(member.id, channel="mini_program", openid=f"o-driver-{number}", now=clock.now())
        found.append({"token": member_auth.token_for(started), "plate": plate})
    return found


def _message_takers(people: list[dict[str, Any]]) -> list[str]:
    """One message that is due for each person of the sandbox; as many consents."""
    for person in people:
        member = make_member(openid=person["openid"])
        outreach.allow(member)
        outreach.plan(member)
    return [str(person["id"]) for person in people]


if __name__ == "__main__":
    main()
