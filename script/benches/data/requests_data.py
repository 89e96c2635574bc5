"""What the bench of requests stands on: the redemption bench's mall with an entrance, machines and a car park."""

from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask

from app.access import staff
from app.access.machines import machines
from app.access.models import Role
from app.access.scopes import Place
from app.benefits.campaigns import campaigns
from app.benefits.grants import grants
from app.entrances import entrances
from app.flows import opening
from app.identity import members, sessions
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic, db
from app.malls import queries as malls
from app.parking.car_parks import car_parks, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.rules import Tariff
from app.verification import sms_codes
from app.web import member_auth
from script.benches.data import join_data, redemption_data

MALL = "BENCH"
CAR_PARK = "BENCH-P"
KEEPER = "13900009999"
SECRET = "bench-secret"  # noqa: S105  of a database that lives for minutes
HOURLY = Tariff(free_minutes=30, step_minutes=60, step_fen=600, daily_cap_fen=6_000, exit_grace_minutes=15)


@dataclass
class Scene:
    """The application, the entrance's scene, and a joined member's token and phone."""

    app: Flask
    entrance: str = ""
    token: str = ""
    phone: str = ""
    numbers: int = field(default=0)

    def next_phone(self) -> str:
        """A phone nobody has yet."""
        self.numbers += 1
        return f"1370000{self.numbers:04d}"

    def visitor_token(self, phone: str) -> str:
        """The token of somebody who signed in by this phone and has yet to join."""
        now = clock.now()
        with self.app.test_request_context(), atomic():
            mall = malls.find_mall_by_code(MALL)
            assert mall is not None  # noqa: S101 - `build` opened it
            visitor = members.recognise({IdentityKind.MINI_OPENID: f"openid-{phone}"}, home_mall_id=mall.id, now=now)
            known = members.bind_phone(visitor, phone, now=now)
            return member_auth.token_for(sessions.start(known.id, channel="bench", openid=None, now=now))

    def sms_code(self, phone: str) -> str:
        """A code that was sent to the phone."""
        with self.app.app_context(), atomic():
            return sms_codes.issue(phone, now=clock.now())[1]


def build(app: Flask) -> Scene:
    """Add to the mall of `redemption_data.fill` what the other requests need."""
    scene = Scene(app)
    now = clock.now()
    with app.app_context(), atomic():
        mall = opening.open_mall(MALL, name="Bench", city="-", created_by="bench", now=now)
        main = entrances.create(
            mall_id=mall.id,
            kind="main",
            name="Main",
            headline="",
            store_id=None,
            created_by="bench",
            now=now,
            is_default=True,
        )
        for position, offer in enumerate((join_data.PARKING, join_data.DINING), start=1):
            campaign = campaigns.create(mall.id, f"join-{position}", offer, store_ids=None, now=now)
            grants.grant_on(mall.id, grants.JOIN, campaign.id, position=position)
        store = malls.list_stores(mall_id=mall.id)[0]
        for kind in ("pos", "gate"):
            machines.register(kind, kind=kind, name=kind, secret=SECRET, mall_id=mall.id, now=now)
        car_park = car_parks.open_car_park(
            CAR_PARK,
            name="Car park",
            store=store,
            gate=Gate("http://127.0.0.1:9", SECRET),
            now=now,
        )
        tariffs.set_tariff(car_park.id, HOURLY, effective_from=now - timedelta(days=1))
        keeper = staff.hire(name="Keeper", phone=KEEPER, password=redemption_data.PASSWORD, now=now)
        staff.grant_role(keeper.id, role=Role.OPERATIONS, place=Place(mall_id=mall.id))
        scene.entrance = main.scene
        db.session.flush()
    scene.phone = scene.next_phone()
    scene.token = scene.visitor_token(scene.phone)
    return scene
