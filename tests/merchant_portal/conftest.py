"""A store with a clerk and a manager, signed in, and a coupon to redeem."""

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.models import Staff
from app.benefits.coupons.models import Coupon
from app.identity.models import Member
from app.kernel.security import codes
from app.malls import queries
from app.malls.models import Mall, Store
from app.web.staff.portals import PORTAL
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import let_in, make_clerk, make_manager
from tests.support.clock import StillClock
from tests.support.isolation import Client


@dataclass(slots=True)
class Portal:
    """A browser that is signed in to the portal."""

    client: Client
    person: Staff
    token: str

    @classmethod
    def of(cls, client: Client, person: Staff) -> "Portal":
        return cls(client, person, let_in(client, person, PORTAL))

    def post(self, path: str, body: object, *, key: str | None = None) -> TestResponse:
        """A call of the scan page."""
        headers = {"X-CSRF-Token": self.token, "Idempotency-Key": key or codes.new_public_id()}
        return self.client.post(f"/portal/api{path}", json=body, headers=headers)

    def redeem(self, coupon: Coupon, *, spend_fen: int | None = None, key: str | None = None) -> TestResponse:
        """Redeem the coupon, as the confirm button does."""
        return self.post("/redemptions", {"code": coupon.code, "spend_fen": spend_fen}, key=key)


@pytest.fixture
def store(clock: StillClock) -> Store:
    """A store whose merchant has terms and an open book."""
    store = make_store(make_mall(), make_merchant(), name="沸腾火锅", floor="4F")
    make_till(store)
    return store


@pytest.fixture
def member(store: Store) -> Member:
    return make_member(phone="13812345678")


@pytest.fixture
def coupon(store: Store, member: Member, mall: Mall) -> Coupon:
    """Ten yuan off in the store, six of them paid by the mall."""
    return make_coupon(member, make_campaign(mall, stores=[store]))


@pytest.fixture
def mall(store: Store) -> Mall:
    return queries.get_mall(store.mall_id)


@pytest.fixture
def clerk(app: Flask, db_session: object, store: Store) -> Portal:
    return Portal.of(Client(app, app.response_class), make_clerk(store, name="李芳"))


@pytest.fixture
def manager(app: Flask, db_session: object, store: Store) -> Portal:
    return Portal.of(Client(app, app.response_class), make_manager(store, name="王海"))
