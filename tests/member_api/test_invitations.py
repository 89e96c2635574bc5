"""Inviting friends on the phone: the code, the link, the poster, who joined, and whom strangers are told invites."""

import base64
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import func, select

from app.entrances.models import Entrance, EntranceScan
from app.identity import queries
from app.invitations import rule_sets
from app.invitations.models import Invitation, InvitationPicture
from app.invitations.rules import Rules
from app.kernel import clock
from app.kernel.db import db
from app.points.earning import rule_sets as earning
from app.points.earning.acts import ActKind, ActRule, Step
from app.points.earning.rules import Rules as EarningRules
from app.workers.invitations import settling
from tests.builders.buying import buy
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_store
from tests.member_api.conftest import OpenMall, Phone
from tests.support.isolation import Client
from tests.support.member_api import Device, sign_in
from tests.support.platforms import Platforms


@pytest.fixture
def inviter(client: Client, open_mall: OpenMall) -> Device:
    return sign_in(client, make_member(open_mall.mall, phone="13812345678"))


def open_code(inviter: Device) -> dict[str, object]:
    answer = inviter.post("/members/me/invitation-code", {"device": "device-0001"})
    assert answer.status_code == 200
    return dict(answer.json)


def test_who_joins_by_a_members_link_is_their_friend_and_brings_growth(
    client: Client, open_mall: OpenMall, inviter: Device, phone: Phone
) -> None:
    said = Rules(waiting_days=0)
    today = clock.business_date(clock.now())
    rule_sets.open_with(open_mall.mall.id, said, effective_from=today, by="运营", now=clock.now())
    earned = EarningRules(acts=(ActRule(kind=ActKind.INVITATION, points=50, a_day=5, steps=(Step(3, 100),)),))
    earning.open_with(open_mall.mall.id, earned, effective_from=today, by="运营", now=clock.now())
    code = open_code(inviter)
    assert {
        "每位得 50 积分，每天最多计 5 位，当月第 3 位再得 100 积分。",
        "每位得 20 成长值，每天最多计 5 位。",
        "每月最多奖励 10 位好友，按好友首次到店或消费的月份计。",
    } <= set(code["rules"])
    assert code["when"] == "首次到店或消费后"
    scene = str(code["link"]).rpartition("scene=")[2]
    assert code["page"] == f"/pages/join/index?scene={scene}" and code["growth"] == 20
    seen = client.get(f"/api/v1/entrances/{scene}").json
    assert (seen["kind"], seen["invited_by"], seen["scene"]) == ("invitation", "138****5678", scene)
    phone.scene = scene
    phone.sign_in()
    joined = phone.join(device="device-0002").json
    friend_id = db.session.scalars(select(Invitation.member_id)).one()
    buy(queries.get_member(friend_id), make_store(open_mall.mall), clock.now(), 1_000)
    with clock.freeze(clock.now() + timedelta(minutes=1)):
        settling.settle_due(limit=10)
    mine = inviter.get("/members/me/invitations").json
    assert (mine["joined"], mine["came"], mine["growth"], mine["left"]) == (1, 1, 20, 9)
    [friend] = mine["items"]
    assert (friend["name"], friend["state"]) == (joined["member"]["phone_masked"], "paid")


def test_a_code_is_made_once_and_all_of_them_count_for_one_entrance(
    client: Client, open_mall: OpenMall, inviter: Device
) -> None:
    assert open_code(inviter)["code"] == open_code(inviter)["code"]
    other = open_code(sign_in(client, make_member(open_mall.mall)))
    scene = str(other["link"]).rpartition("scene=")[2]
    assert client.post("/api/v1/entrance-scans", json={"scene": scene, "visit_key": "visit-0001"}).status_code == 202
    entrance = db.session.scalars(select(Entrance).where(Entrance.kind == "invitation")).one()
    counted = select(func.count()).select_from(EntranceScan).where(EntranceScan.entrance_id == entrance.id)
    assert db.session.scalar(counted) == 1


def test_where_visits_do_not_count_no_sentence_says_that_they_do(open_mall: OpenMall, inviter: Device) -> None:
    today, mall_id, now = clock.business_date(clock.now()), open_mall.mall.id, clock.now()
    bought = Rules(counts_visits=False, least_fen=5_000)
    rule_sets.open_with(mall_id, bought, effective_from=today, by="运营", now=now)
    earned = EarningRules(acts=(ActRule(kind=ActKind.INVITATION, points=50, a_day=5),))
    earning.open_with(mall_id, earned, effective_from=today, by="运营", now=now)
    points = inviter.get("/members/me/points/rules").json["lines"]
    growth = inviter.get("/members/me/tier").json["earning"]
    assert "邀请好友：好友首次消费满 50 元后，每位得 50 积分，每天最多计 5 位。" in points
    assert "邀请的好友首次消费满 50 元后，每位得 20 成长值，每天最多计 5 位。" in growth
    code = open_code(inviter)
    assert code["when"] == "首次消费满 50 元后"
    assert not any("到店" in line for line in code["rules"])


def test_visitors_invite_nobody(client: Client, open_mall: OpenMall) -> None:
    visitor = sign_in(client, make_visitor(open_mall.mall))
    assert visitor.post("/members/me/invitation-code").status_code == 403
    assert visitor.get("/members/me/invitations").json["items"] == []
    assert visitor.get("/members/me/invitations/poster").status_code == 403


def test_a_poster_is_drawn_with_the_platforms_code_which_is_kept(inviter: Device, platforms: Platforms) -> None:
    open_code(inviter)
    for _ in range(2):
        poster = inviter.get("/members/me/invitations/poster").json
        picture = Image.open(BytesIO(base64.b64decode(poster["picture"].partition(",")[2])))
        assert (picture.format, picture.size) == ("JPEG", (750, 1150))
    assert db.session.scalar(select(func.count()).select_from(InvitationPicture)) == 1
