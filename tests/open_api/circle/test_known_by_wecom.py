"""A payment of the circle finds its buyer when WeCom shows that two whom we knew are one."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.entrances.models import Entrance
from app.flows.circle import shops
from app.identity import members as identities
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.purchases.models import InboxReceipt
from app.wechat.gateway import Gateway
from app.workers.circle import notices
from tests.builders.circle import make_circle, paid
from tests.builders.identity import make_member, make_visitor
from tests.builders.settlement import make_contract
from tests.open_api.callbacks import CallbackTrap, deliver
from tests.open_api.circle.standing import SHOP, Standing, last_told, told
from tests.open_api.contacts import link, scanned
from tests.open_api.receipts import count, points_of


@pytest.fixture
def member() -> Member:
    """A member of a mall that is a circle; its shop is a store there. Callbacks are signed by the hour that it is."""
    contract = make_contract(since=clock.first_of_month(clock.business_date(clock.now())))
    make_circle(contract.mall)
    shops.name(contract.store, [SHOP], by="张岚", now=clock.now())
    return make_member(contract.mall)


def add_adviser(client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance) -> None:
    assert deliver(client, scanned(trap, gateway, entrance.scene)[0]).status_code == 200


def come_into_group(client: FlaskClient, trap: CallbackTrap, gateway: Gateway, entrance: Entrance) -> None:
    chat = trap.platforms.post("/phone/api/chats", {"name": "悦汇城吃货群"})["chat_id"]
    trap.platforms.post(f"/phone/api/people/{trap.platforms.person()['id']}/chats/{chat}")
    for told_of in trap.callbacks(2):
        assert deliver(client, told_of).status_code == 200


@pytest.mark.parametrize("come", [add_adviser, come_into_group])
def test_a_member_whom_wecom_shows_to_have_that_openid_gets_what_they_paid_before(
    client: FlaskClient,
    member: Member,
    trap: CallbackTrap,
    gateway: Gateway,
    entrance: Entrance,
    come: Callable[[FlaskClient, CallbackTrap, Gateway, Entrance], None],
) -> None:
    """Who looked into the mini-program and paid is known by a unionid, the member by WeCom's id: WeCom knows both."""
    person, pays = trap.platforms.person(), Standing(trap.platforms, gateway.pay)
    make_visitor(mini_openid=person["openid"], unionid=person["unionid"])
    assert identities.bind(member, IdentityKind.WECOM_EXTERNAL, person["external_userid"], now=clock.now())
    told(client, pays, paid("87", shop=SHOP, openid=person["openid"]))
    assert (count(InboxReceipt), last_told(pays, "87"), points_of(member)) == (1, 0, (0, 0))
    come(client, trap, gateway, entrance)
    assert link(gateway) > 0
    assert (notices.take_in_due_notices(gateway.pay), last_told(pays, "87")) == (1, 123)
    assert (points_of(member), count(InboxReceipt)) == ((123, 0), 0)
    assert notices.take_in_due_notices(gateway.pay) == 0
