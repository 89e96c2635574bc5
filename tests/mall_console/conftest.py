"""Two malls with a history each, and browsers signed in to the console."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from app.access.models import AuditEntry, Role, Staff
from app.access.scopes import Place
from app.kernel.db import db
from app.kernel.security import codes
from app.web.staff.portals import CONSOLE
from tests.builders.console import World, make_world
from tests.builders.staff import let_in, make_staff
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock
from tests.support.isolation import Client, rolled_back
from tests.support.standing import Standing

# What a form for contract terms asks for besides the day and the commission.
PRICES = {"issue_price": "0.8", "redeem_price": "1", "due_days": "30"}


@dataclass(slots=True)
class Console:
    """A browser that is signed in to the console."""

    client: Client
    person: Staff
    token: str

    @classmethod
    def of(cls, client: Client, person: Staff) -> "Console":
        return cls(client, person, let_in(client, person, CONSOLE))

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)

    def post(self, path: str, *, key: str | None = None, page: str | None = None, **fields: object) -> TestResponse:
        """Post a form of a page of ours; refusals go back to `page` with their reason."""
        hidden = {"csrf_token": self.token, "idempotency_key": key or codes.new_public_id()}
        headers = {"Referer": f"http://localhost{page}"} if page else {}
        return self.client.post(path, data=hidden | fields, headers=headers)

    def searched(self, path: str, typed: str, *, listing: str, **fields: object) -> str:
        """The address, without its path, of a list that was searched for what was typed."""
        base = "/".join(path.split("/")[:3])
        answer = self.post(f"{base}/list-searches", list=listing, at=path, q=typed, **fields)
        assert answer.status_code == 303 and answer.location.startswith(path), answer.text
        return answer.location.partition("?")[2]


SignIn = Callable[..., Console]


@pytest.fixture(scope="session")
def worlds(app: Flask, worker_id: str) -> Iterator[Mapping[str, Standing[World]]]:
    """By the fixture that asks for it, a database in which the mall 甲 stands, or both malls."""

    def build(*names: tuple[str, str]) -> list[World]:
        make_tiers()
        return [make_world(*name) for name in names]

    made = {
        "world": Standing(app, f"world_{worker_id}", lambda: build(("甲", "YH"))),
        "other": Standing(app, f"worlds_{worker_id}", lambda: build(("甲", "YH"), ("乙", "YT"))),
    }
    yield made
    for standing in made.values():
        standing.close()


@pytest.fixture
def standing(request: pytest.FixtureRequest, worlds: Mapping[str, Standing[World]]) -> Standing[World] | None:
    """What this test begins with; nothing when it asks for no mall."""
    return next((worlds[name] for name in ("other", "world") if name in request.fixturenames), None)


@pytest.fixture
def db_session(app: Flask, standing: Standing[World] | None) -> Iterator[scoped_session[Session]]:
    """The session, inside a transaction that is rolled back after the test."""
    with rolled_back(app, standing.engine if standing else None) as session:
        yield session


@pytest.fixture
def malls(standing: Standing[World], db_session: object) -> list[World]:
    return standing.found()


@pytest.fixture
def world(malls: list[World], clock: StillClock) -> World:
    """The mall 甲, code YH."""
    return malls[0]


@pytest.fixture
def other(malls: list[World], clock: StillClock) -> World:
    """The mall 乙, code YT, of the same group."""
    return malls[1]


@pytest.fixture
def enter(app: Flask, db_session: object) -> SignIn:
    """Sign somebody in with a role in a place (the group by default)."""

    def signed_in(role: Role, place: Place | None = None) -> Console:
        return Console.of(Client(app, app.response_class), make_staff(role, place, name="张岚"))

    return signed_in


@pytest.fixture
def administrator(world: World, enter: SignIn) -> Console:
    return enter(Role.ADMINISTRATOR)


@pytest.fixture
def operations(world: World, enter: SignIn) -> Console:
    return enter(Role.OPERATIONS, Place(mall_id=world.mall.id))


@pytest.fixture
def finance(world: World, enter: SignIn) -> Console:
    return enter(Role.FINANCE, Place(mall_id=world.mall.id))


@pytest.fixture
def auditor(world: World, enter: SignIn) -> Console:
    return enter(Role.AUDITOR)


def audited(action: str) -> AuditEntry:
    """The one entry of an action."""
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).one()
