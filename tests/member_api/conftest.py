"""The member API on the test's database, with WeChat played by a live sandbox."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from schemathesis.schemas import BaseSchema
from werkzeug.test import TestResponse

from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.grants import grants
from app.entrances.models import Entrance
from app.identity.profiles import households
from app.kernel import clock
from app.malls.models import Mall
from tests.builders.benefits import make_campaign
from tests.builders.entrances import make_entrance
from tests.builders.identity import make_consent_document
from tests.builders.malls import make_mall
from tests.builders.tasks import make_newbie_tasks, make_tiers
from tests.member_api import document
from tests.support import platforms as sandbox
from tests.support.isolation import Client
from tests.support.platforms import Platforms


@pytest.fixture(scope="session")
def openapi(app: Flask) -> BaseSchema:
    """The OpenAPI document."""
    return document.read(app)


@pytest.fixture(autouse=True)
def _answers_are_as_documented(app: Flask, openapi: BaseSchema) -> Iterator[None]:
    """Every answer that any test of this folder gets is held against the document."""
    with document.held_against(app, openapi) as faults:
        yield
    assert faults == []


@pytest.fixture
def platforms(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Platforms]:
    """A sandbox of this test's own, which the application talks to."""
    names = ("huitou.gateway", "huitou.sms")
    before = {name: app.extensions[name] for name in names}
    with sandbox.running(tmp_path / "sandbox", database_url=database_url) as standing:
        gateway = standing.gateway()
        app.extensions["huitou.gateway"] = gateway
        app.extensions["huitou.sms"] = standing.sms()
        yield standing
        gateway.close()
    app.extensions.update(before)


@dataclass(frozen=True, slots=True)
class OpenMall:
    """A mall ready to be joined: an entrance, a parking and a dining coupon for joining, one for the first order."""

    mall: Mall
    entrance: Entrance
    first_order: Campaign


@pytest.fixture
def open_mall(db_session: object) -> OpenMall:
    mall = make_mall()
    make_consent_document()
    households.ensure_document(now=clock.now())
    make_newbie_tasks()
    make_tiers()
    parking = make_campaign(mall, kind=CampaignKind.PARKING, parking_minutes=120)
    first_order = make_campaign(mall, title="首单券")
    for position, campaign in enumerate([parking, make_campaign(mall, title="餐饮券")], start=1):
        grants.grant_on(mall.id, grants.JOIN, campaign.id, position=position)
    grants.grant_on(mall.id, grants.FIRST_ORDER_TASK, first_order.id, position=1)
    entrance = make_entrance(mall, is_default=True)
    return OpenMall(mall, entrance, first_order)


@dataclass(slots=True)
class Phone:
    """A person's phone with the mini-program open."""

    client: Client
    platforms: Platforms
    scene: str
    person: dict[str, Any]
    visit_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    token: str = ""

    def sign_in(self) -> TestResponse:
        """By the mini-program's login code."""
        code = self.platforms.post(f"/phone/api/people/{self.person['id']}/login-code")["code"]
        answer = self.post("/sessions/mini-program", code=code, scene=self.scene, visit_key=self.visit_key)
        self.token = answer.json["token"]
        return answer

    def join(self, **changes: Any) -> TestResponse:
        """With WeChat's phone button."""
        code = self.platforms.post(f"/phone/api/people/{self.person['id']}/phone-code")["code"]
        wish = {"consent_version": "v1", "phone_code": code, "scene": self.scene, "visit_key": self.visit_key}
        return self.post("/members/me/join", **wish | changes)

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers())

    def post(self, path: str, key: str | None = None, **body: Any) -> TestResponse:
        headers = self.headers() | {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def phone(client: Client, platforms: Platforms, open_mall: OpenMall) -> Phone:
    """The first demo person's phone, who has just scanned the lift's code."""
    return Phone(client, platforms, open_mall.entrance.scene, platforms.person(1))
