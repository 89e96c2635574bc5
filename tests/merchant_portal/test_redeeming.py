"""The scan page's JSON: look up, redeem once, undo, with every refusal saying why."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.models import AuditEntry
from app.benefits.campaigns.models import CampaignKind
from app.benefits.coupons.models import Coupon, Redemption
from app.identity.codes import member_codes
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.distribution import database
from app.malls.models import Mall, Store
from tests.builders.benefits import make_campaign, make_coupon, make_till
from tests.builders.malls import make_store
from tests.builders.staff import make_clerk
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client

CountStatements = Callable[[], AbstractContextManager[list[str]]]
MOST_STATEMENTS = 3  # who is signed in, the coupon's facts, the act
MOST_PLAIN_STATEMENTS = 9


def live_redemptions() -> int:
    return db.session.scalar(select(func.count()).where(Redemption.reversed_at.is_(None))) or 0


def test_a_lookup_shows_the_coupon_its_terms_and_what_the_store_is_paid(clerk: Portal, coupon: Coupon) -> None:
    answer = clerk.post("/lookups", {"code": f" {coupon.code[:4].lower()}-{coupon.code[4:]} "}).json
    assert answer["kind"] == "coupon"
    shown = answer["coupon"]
    assert (shown["face_text"], shown["conditions"], shown["refusal"]) == ("¥10", ["无消费门槛"], None)
    assert (shown["discount_fen"], shown["mall_fen"], shown["mall_share_bps"]) == (1_000, 600, 6_000)
    assert shown["valid_until"] == "2026-03-17" and shown["days_left"] == 6


def test_the_member_is_masked(clerk: Portal, coupon: Coupon, member: Member) -> None:
    answer = clerk.post("/lookups", {"code": coupon.code})
    assert answer.json["member"]["phone"] == "138****5678"
    assert "13812345678" not in answer.text and str(member.card_no) not in answer.text


def test_the_conditions_name_amounts_as_people_say_them(clerk: Portal, member: Member, mall: Mall) -> None:
    terms = {"kind": CampaignKind.DISCOUNT, "face_fen": 5_050, "discount_bps": 1_500, "min_spend_fen": 120_000}
    coupon = make_coupon(member, make_campaign(mall, **terms))
    shown = clerk.post("/lookups", {"code": coupon.code}).json["coupon"]
    assert shown["conditions"] == ["满 1,200 元可用", "最高减 50.50 元"]


@pytest.mark.parametrize(
    ("terms", "face"),
    [
        ({"kind": CampaignKind.DISCOUNT, "face_fen": 5_000, "discount_bps": 1_500}, "8.5折"),
        ({"kind": CampaignKind.DISCOUNT, "face_fen": 5_000, "discount_bps": 2_000}, "8折"),
        ({"kind": CampaignKind.GIFT, "face_fen": 2_000}, "礼品"),
        ({"face_fen": 1_050}, "¥10.50"),
    ],
)
def test_faces_read_as_the_trade_says_them(
    clerk: Portal, member: Member, mall: Mall, store: Store, terms: dict[str, object], face: str
) -> None:
    coupon = make_coupon(member, make_campaign(mall, stores=[store], **terms))
    assert clerk.post("/lookups", {"code": coupon.code}).json["coupon"]["face_text"] == face


@pytest.mark.requirement("S2.4", "S2.15", "S3.25")
def test_redeeming_says_what_was_done_and_writes_every_row(clerk: Portal, coupon: Coupon, store: Store) -> None:
    answer = clerk.redeem(coupon)
    assert answer.status_code == 201
    assert (answer.json["discount_fen"], answer.json["mall_fen"], answer.json["merchant_fen"]) == (1_000, 600, 400)
    redemption = db.session.scalars(select(Redemption)).one()
    assert (redemption.public_id, redemption.store_id, redemption.staff_id) == (
        answer.json["id"],
        store.id,
        clerk.person.id,
    )
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "redemption.create")).one()
    assert (entry.actor_id, entry.store_id) == (clerk.person.id, store.id)


def test_redeeming_is_few_statements(clerk: Portal, coupon: Coupon, count_statements: CountStatements) -> None:
    with count_statements() as seen:
        assert clerk.redeem(coupon).status_code == 201
    most = MOST_PLAIN_STATEMENTS if database.is_distributed() else MOST_STATEMENTS
    assert len(seen) <= most, "\n\n".join(seen)


def test_the_same_key_redeems_once_and_answers_the_same(clerk: Portal, coupon: Coupon) -> None:
    first, again = clerk.redeem(coupon, key="intent-0001"), clerk.redeem(coupon, key="intent-0001")
    assert (first.status_code, first.json) == (again.status_code, again.json)
    assert live_redemptions() == 1


def test_the_same_key_for_another_coupon_is_a_conflict(
    clerk: Portal, coupon: Coupon, member: Member, mall: Mall
) -> None:
    other = make_coupon(member, make_campaign(mall))
    clerk.redeem(coupon, key="intent-0001")
    answer = clerk.redeem(other, key="intent-0001")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "idempotency_conflict")
    assert live_redemptions() == 1


def test_a_key_is_needed(clerk: Portal, coupon: Coupon) -> None:
    answer = clerk.client.post(
        "/portal/api/redemptions", json={"code": coupon.code}, headers={"X-CSRF-Token": clerk.token}
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "idempotency_key_missing")


def test_a_used_coupon_says_when_and_where(clerk: Portal, coupon: Coupon, clock: StillClock) -> None:
    clerk.redeem(coupon)
    clock.advance(hours=4, minutes=2)
    refused = clerk.redeem(coupon).json["error"]
    assert (refused["code"], refused["message"]) == ("coupon_already_redeemed", "这张券已于 10:00 在本店核销")
    assert clerk.post("/lookups", {"code": coupon.code}).json["coupon"]["refusal"]["message"] == refused["message"]


def test_a_coupon_of_other_stores_names_the_nearest(clerk: Portal, member: Member, mall: Mall, store: Store) -> None:
    far, near = make_store(mall, floor="B1"), make_store(mall, floor="3F", name="拾光咖啡")
    coupon = make_coupon(member, make_campaign(mall, stores=[far, near]))
    refusal = clerk.post("/lookups", {"code": coupon.code}).json["coupon"]["refusal"]
    assert refusal["code"] == "coupon_not_for_store"
    assert refusal["fields"]["next_step"] == "可用门店 2 家，最近的是 3F 拾光咖啡"
    assert clerk.redeem(coupon).status_code == 409


def test_minimum_spend_is_held(clerk: Portal, member: Member, mall: Mall) -> None:
    coupon = make_coupon(member, make_campaign(mall, min_spend_fen=30_000))
    assert clerk.post("/lookups", {"code": coupon.code}).json["coupon"]["needs_spend"] is True
    assert clerk.redeem(coupon).json["error"]["code"] == "spend_required"
    low = clerk.redeem(coupon, spend_fen=25_000).json["error"]
    assert (low["code"], low["message"]) == ("minimum_spend_not_met", "未达到最低消费 ¥300.00，还差 ¥50.00")
    assert clerk.redeem(coupon, spend_fen=30_000).status_code == 201


@pytest.mark.parametrize(
    "shot", ["]Q1{}", "】q1{}\t", "\ufeff{}\u200b", "{}\r\n", "]C1\x1d{}"], ids=["aim", "chinese", "bom", "crlf", "gs1"]
)
def test_a_coupon_is_read_whatever_the_gun_adds(clerk: Portal, coupon: Coupon, shot: str) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in coupon.code)
    for code in (coupon.code, coupon.code.lower(), wide, f"{coupon.code[:4]}—{coupon.code[4:]}"):
        assert clerk.post("/lookups", {"code": shot.format(code)}).json["kind"] == "coupon"
    assert clerk.post("/redemptions", {"code": shot.format(wide)}).status_code == 201


def test_a_member_code_under_caps_lock_is_read_and_one_without_its_capitals_refused(
    clerk: Portal, coupon: Coupon, member: Member, clock: StillClock
) -> None:
    code = member_codes.mint(member, now=clock.now).text
    assert clerk.post("/lookups", {"code": f"]q1{code.swapcase()}\r"}).json["kind"] == "member"
    error = clerk.post("/lookups", {"code": code.upper()}).json["error"]
    assert (error["code"], "大小写转换" in error["message"]) == ("member_code_case_lost", True)
    error = clerk.post("/lookups", {"code": code[:30] + "啊" + code[31:]}).json["error"]
    assert (error["code"], "英文输入法" in error["message"]) == ("member_code_garbled", True)


def test_what_an_input_method_made_of_a_code_is_told(clerk: Portal, coupon: Coupon) -> None:
    answer = clerk.post("/lookups", {"code": f"{coupon.code[:6]}好"})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "coupon_code_garbled")


def test_expired_and_unknown_codes_are_told_apart(clerk: Portal, coupon: Coupon, clock: StillClock) -> None:
    for code in ("XXXX", "34679CDFGHJK"):
        answer = clerk.post("/lookups", {"code": code})
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "coupon_not_found")
    clock.advance(days=7)
    token = Portal.of(clerk.client, clerk.person)
    assert token.redeem(coupon).json["error"]["message"] == "这张券已于 2026-03-17 过期"


@pytest.mark.parametrize(
    "body", [{}, {"code": ""}, {"code": 7}, {"code": "X", "extra": 1}, {"code": "X" * 401}, [], "text"]
)
def test_bad_input_is_a_422_with_fields(clerk: Portal, body: object) -> None:
    answer = clerk.post("/lookups", body)
    assert answer.status_code == 422 and answer.json["error"]["message"]


@pytest.mark.parametrize("spend", [-1, 1.5, "20", True, 10**12])
def test_a_till_amount_is_a_whole_number_of_fen(clerk: Portal, coupon: Coupon, spend: object) -> None:
    answer = clerk.post("/redemptions", {"code": coupon.code, "spend_fen": spend})
    assert answer.status_code == 422
    assert live_redemptions() == 0


@pytest.mark.requirement("S3.8")
def test_a_member_code_lists_what_this_store_takes_and_counts_once(
    app: Flask, clerk: Portal, coupon: Coupon, member: Member, mall: Mall, clock: StillClock
) -> None:
    make_coupon(member, make_campaign(mall, stores=[make_store(mall)]))
    text = member_codes.mint(member, now=clock.now).text
    answer = clerk.post("/lookups", {"code": text}).json
    assert [shown["code"] for shown in answer["coupons"]] == [coupon.code]
    assert answer["member"]["phone"] == "138****5678"
    elsewhere = make_store(mall)
    make_till(elsewhere)
    other = Portal.of(Client(app, app.response_class), make_clerk(elsewhere))
    assert other.post("/lookups", {"code": text}).json["error"]["code"] == "member_code_used"
    fresh = member_codes.mint(member, now=clock.now).text
    clock.advance(minutes=3)
    late = clerk.post("/lookups", {"code": fresh})
    assert late.json["error"]["code"] == "member_code_expired"


def test_undo_within_fifteen_minutes_frees_the_coupon(clerk: Portal, coupon: Coupon, clock: StillClock) -> None:
    done = clerk.redeem(coupon).json
    clock.advance(minutes=14)
    first = clerk.post(f"/redemptions/{done['id']}/undo", {}, key="undo-00001")
    assert first.status_code == 200
    assert clerk.post(f"/redemptions/{done['id']}/undo", {}, key="undo-00001").json == first.json
    assert clerk.redeem(coupon).status_code == 201


def test_undo_is_too_late_after_fifteen_minutes(clerk: Portal, coupon: Coupon, clock: StillClock) -> None:
    done = clerk.redeem(coupon).json
    clock.advance(minutes=15, seconds=1)
    answer = clerk.post(f"/redemptions/{done['id']}/undo", {})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "reversal_too_late")


def test_another_store_neither_undoes_nor_sees_the_redemption(
    app: Flask, clerk: Portal, coupon: Coupon, mall: Mall
) -> None:
    done = clerk.redeem(coupon).json
    elsewhere = make_store(mall)
    make_till(elsewhere)
    other = Portal.of(Client(app, app.response_class), make_clerk(elsewhere))
    answer = other.post(f"/redemptions/{done['id']}/undo", {})
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "redemption_not_found")
    assert other.client.get("/portal/api/today").json["items"] == []


def test_today_sums_live_redemptions_and_shows_undone_ones(
    clerk: Portal, coupon: Coupon, member: Member, mall: Mall
) -> None:
    second = make_coupon(member, make_campaign(mall, face_fen=500))
    clerk.redeem(coupon)
    undone = clerk.redeem(second).json
    clerk.post(f"/redemptions/{undone['id']}/undo", {})
    day = clerk.client.get("/portal/api/today").json
    assert (day["count"], day["discount_fen"], day["mall_fen"]) == (1, 1_000, 600)
    by_id = {item["id"]: item for item in day["items"]}
    assert by_id[undone["id"]]["reversed_at"] and by_id[undone["id"]]["undo_until"] is None
