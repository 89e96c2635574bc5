"""Every kind of coupon, wherever one is worded or pictured: a new kind fails here or in mypy until it has its words."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.models import Role
from app.access.scopes import Place
from app.benefits.campaigns import wording
from app.benefits.campaigns.models import CampaignKind
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.identity import make_member
from tests.builders.malls import make_mall, make_store
from tests.builders.staff import csrf_token, make_clerk, make_staff, sign_in
from tests.support.clock import StillClock
from tests.support.member_api import sign_in as sign_member_in

ROOT = Path(__file__).resolve().parents[2]
VALUES = {kind.value for kind in CampaignKind}
# Sound terms of each kind, and what a member, a till and the console say it gives.
TERMS: dict[CampaignKind, tuple[dict[str, int], str, str]] = {
    CampaignKind.CASH: ({"face_fen": 1_050}, "¥10.50", "<dt>面额</dt>"),
    CampaignKind.DISCOUNT: ({"face_fen": 5_000, "discount_bps": 1_500}, "8.5折", "8.5折"),
    CampaignKind.GIFT: ({"face_fen": 2_000}, "礼品", "<dt>面额</dt>"),
    CampaignKind.PARKING: ({"face_fen": 0, "parking_minutes": 120}, "2 小时", "<dt>抵扣时长</dt>"),
}


def told(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 200 and answer.json is not None, answer.text
    return dict(answer.json)


@pytest.mark.parametrize("kind", CampaignKind)
def test_a_coupon_of_every_kind_reads_everywhere(
    client: FlaskClient, app: object, clock: StillClock, kind: CampaignKind
) -> None:
    terms, face, in_console = TERMS[kind]
    mall = make_mall()
    store = make_store(mall)
    make_till(store)
    member = make_member(mall)
    campaign = make_campaign(mall, kind=kind, stores=[store], **terms)
    coupon = make_coupon(member, campaign)

    (seen,) = told(sign_member_in(client, member).get("/members/me/coupons?status=usable"))["items"]
    assert (seen["kind"], seen["face_text"]) == (kind.value, face)
    assert seen["conditions"]

    clerk, operations = make_clerk(store), make_staff(Role.OPERATIONS, Place(mall_id=mall.id))
    sign_in(client, clerk)
    headers = {"X-CSRF-Token": csrf_token(client, "/portal/me")}
    looked_up = told(client.post("/portal/api/lookups", json={"code": coupon.code}, headers=headers))["coupon"]
    assert (looked_up["kind"], looked_up["face_text"]) == (kind.value, face)
    assert looked_up["conditions"]

    sign_in(client, operations, portal="/console")
    base = f"/console/{mall.code}/campaigns"
    for page in (f"{base}/{campaign.public_id}", base):
        assert wording.KINDS[kind.value] in client.get(page).text
    assert in_console in client.get(f"{base}/{campaign.public_id}").text
    assert f'value="{kind.value}"' in client.get(f"{base}/new").text


def test_the_kinds_are_named_where_python_does_not_look() -> None:
    assert set(wording.KINDS) == VALUES
    types = _find("miniprogram/src/api/types.ts", r"  kind: ('parking'.*)\n")
    assert set(re.findall(r"'(\w+)'", types)) == VALUES
    ticket = _find("miniprogram/src/components/CouponTicket.vue", r"const KINDS: Record<.*> = \{(.*)\}\n")
    assert set(re.findall(r"(\w+): '[^']+'", ticket)) == VALUES
    discount = _find("static/src/scan/money.js", r"(?s)(function discountOf.*?\n}\n)")
    assert set(re.findall(r'case "(\w+)":', discount)) == VALUES


def _find(path: str, pattern: str) -> str:
    found = re.search(pattern, (ROOT / path).read_text(encoding="utf-8"))
    assert found is not None, path
    return found[1]
