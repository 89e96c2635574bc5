"""A member looks at how they stand with the business circle: WeChat Pay is asked, and believed."""

import pytest
from flask.testing import FlaskClient

from app.circle import authorisations
from app.circle.models import State
from app.identity.models import Member
from app.malls.models import Mall
from app.wechat.pay.circle_client import AUTHORISATIONS
from tests.builders.circle import MCHID, OPENID, authorise, make_circle, make_known, paid
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock
from tests.support.member_api import Device, sign_in
from tests.support.platforms import Platforms


@pytest.fixture
def mall(clock: StillClock) -> Mall:
    return make_mall()


@pytest.fixture
def member(mall: Mall) -> Member:
    return make_member(mall, openid=OPENID)


def by_mini_program(client: FlaskClient, member: Member) -> Device:
    return sign_in(client, member, channel="mini_program", openid=OPENID)


def test_a_mall_that_is_no_circle_offers_nothing(client: FlaskClient, member: Member, platforms: Platforms) -> None:
    answer = by_mini_program(client, member).get("/members/me/circle")
    assert answer.json == {"is_offered": False, "state": "never", "has_to_submit": None, "plugin": None}


def test_what_the_platform_says_now_is_shown_and_kept(
    client: FlaskClient, mall: Mall, member: Member, platforms: Platforms
) -> None:
    make_circle(mall)
    make_known(platforms.world, paid())
    device = by_mini_program(client, member)
    never = device.get("/members/me/circle").json
    assert (never["state"], never["plugin"]) == ("never", {"openid": OPENID, "mch_id": MCHID})
    authorise(member, platforms.world)
    on = device.get("/members/me/circle").json
    assert (on["state"], on["has_to_submit"]) == ("on", False)
    now = platforms.world.clock.now()
    platforms.world.store.write("UPDATE circle_payments SET state = 'to_submit', paid_at = ?", now)
    assert device.get("/members/me/circle").json["has_to_submit"] is True
    platforms.world.store.write("UPDATE circle_cards SET state = 'DEAUTHORIZED', withdrawn_at = 0")
    assert device.get("/members/me/circle").json["state"] == "off"
    assert authorisations.find_state([member.id], MCHID) is State.OFF


def test_a_platform_that_does_not_answer_leaves_what_is_known(
    client: FlaskClient, mall: Mall, member: Member, platforms: Platforms
) -> None:
    make_circle(mall)
    authorise(member, platforms.world)
    platforms.fault("errcode", "pay", endpoint=AUTHORISATIONS, value="NO_AUTH")
    answer = by_mini_program(client, member).get("/members/me/circle")
    assert answer.json == {
        "is_offered": True,
        "state": "on",
        "has_to_submit": None,
        "plugin": {"openid": OPENID, "mch_id": MCHID},
    }


def test_a_browser_hears_of_the_state_and_not_of_the_openid(
    client: FlaskClient, mall: Mall, member: Member, platforms: Platforms
) -> None:
    make_circle(mall)
    authorise(member, platforms.world)
    answer = sign_in(client, member).get("/members/me/circle")
    assert (answer.json["state"], answer.json["plugin"]) == ("on", None)
