"""From the scan to the card: three ways to sign in, one member, two taps."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.benefits.grants import grants
from app.entrances.models import EntranceScan
from app.identity import queries
from app.identity.duplicates.models import MemberPair
from app.identity.models import ConsentRecord, IdentityKind, Member
from app.kernel import clock
from app.kernel.db import atomic, db
from app.verification import sms_codes
from app.verification.phones import phone_index
from app.workers.duplicates import searching
from tests.builders.benefits import make_campaign, make_coupon
from tests.builders.identity import make_member
from tests.member_api.conftest import OpenMall, Phone
from tests.support.isolation import Client
from tests.support.platforms import Platforms


@pytest.mark.requirement("S0.15")
def test_an_entrance_tells_what_joining_gives(client: Client, open_mall: OpenMall) -> None:
    seen = client.get(f"/api/v1/entrances/{open_mall.entrance.scene}").json
    assert (seen["name"], seen["mall"]["code"], seen["consent"]["version"]) == ("电梯屏", open_mall.mall.code, "v1")
    assert [benefit["face_text"] for benefit in seen["benefits"]] == ["2 小时", "¥10"]
    assert client.get("/api/v1/entrances/default").json["scene"] == open_mall.entrance.scene


def test_an_entrance_offers_nothing_that_is_over(client: Client, open_mall: OpenMall) -> None:
    """Also when nobody has switched the campaign off."""
    today = clock.business_date(clock.now())
    over = make_campaign(open_mall.mall, title="已结束", valid_days=None, valid_until=today)
    grants.grant_on(open_mall.mall.id, grants.JOIN, over.id, position=3)
    scene = open_mall.entrance.scene
    for at, count in [(clock.end_of_day(today) - timedelta(seconds=1), 3), (clock.end_of_day(today), 2)]:
        with clock.freeze(at):
            assert len(client.get(f"/api/v1/entrances/{scene}").json["benefits"]) == count


@pytest.mark.requirement("S2.2")
def test_scans_count_once_each_also_of_those_who_never_join(client: Client, open_mall: OpenMall) -> None:
    body = {"scene": open_mall.entrance.scene, "visit_key": "visit-0001"}
    assert [client.post("/api/v1/entrance-scans", json=body).status_code for _ in range(3)] == [202] * 3
    assert db.session.scalar(select(func.count()).select_from(EntranceScan)) == 1


@pytest.mark.requirement("S0.10", "S0.11", "S0.12", "S0.15", "S0.53", "S3.6")
def test_two_taps_make_a_member_with_benefits_for_today(phone: Phone) -> None:
    assert phone.sign_in().json["member"]["status"] == "visitor"
    joined = phone.join().json
    assert joined["member"]["status"] == "member"
    assert joined["member"]["phone_masked"] == f"{phone.person['phone'][:3]}****{phone.person['phone'][-4:]}"
    assert [(coupon["face_text"], coupon["status"]) for coupon in joined["granted"]] == [
        ("2 小时", "usable"),
        ("¥10", "usable"),
    ]
    assert phone.get("/members/me").json == joined["member"]


def test_a_coupon_says_from_which_sum_on_it_counts(phone: Phone, open_mall: OpenMall) -> None:
    phone.sign_in()
    phone.join()
    member = db.session.scalars(select(Member).where(Member.status == "member")).one()
    coupon = make_coupon(member, make_campaign(open_mall.mall, min_spend_fen=20_000))
    listed = phone.get("/members/me/coupons").json["items"]
    [conditions] = [one["conditions"] for one in listed if one["code"] == coupon.code]
    assert conditions[0] == "满 200 元可用"


@pytest.mark.requirement("S0.16", "S2.15")
def test_the_entrance_is_kept_on_what_follows(phone: Phone, open_mall: OpenMall) -> None:
    phone.sign_in()
    phone.join()
    member = db.session.scalars(select(Member).where(Member.status == "member")).one()
    scan = db.session.scalars(select(EntranceScan)).one()
    assert member.join_entrance_id == open_mall.entrance.id
    assert (scan.member_id, scan.joined_at) == (member.id, member.joined_at)


def test_a_repeated_join_is_answered_alike_and_changes_nothing(phone: Phone) -> None:
    phone.sign_in()
    code = phone.platforms.post(f"/phone/api/people/{phone.person['id']}/phone-code")["code"]
    wish = {"consent_version": "v1", "phone_code": code}
    first = phone.post("/members/me/join", key="join-key-1", **wish)
    again = phone.post("/members/me/join", key="join-key-1", **wish)
    assert (again.status_code, again.json) == (200, first.json)
    assert phone.post("/members/me/join", consent_version="v1").json["granted"] == []
    other = phone.post("/members/me/join", key="join-key-1", consent_version="v2")
    assert (other.status_code, other.json["error"]["code"]) == (409, "idempotency_conflict")


def test_who_refuses_the_phone_looks_around_as_a_visitor(phone: Phone) -> None:
    phone.sign_in()
    refused = phone.post("/members/me/join", consent_version="v1")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "phone_required")
    assert phone.get("/members/me").json["status"] == "visitor"
    assert phone.get("/members/me/coupons").json == {"items": [], "next_cursor": None}
    assert phone.get("/members/me/code").json["error"]["code"] == "member_required"
    assert db.session.scalar(select(func.count()).select_from(ConsentRecord)) == 0


@pytest.mark.requirement("S0.8")
def test_an_old_text_is_not_consent(phone: Phone) -> None:
    phone.sign_in()
    refused = phone.join(consent_version="v0")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "consent_outdated")
    assert refused.json["error"]["message"] == "会员协议已更新，请重新阅读并同意"


def test_a_used_phone_code_says_tap_again(phone: Phone) -> None:
    phone.sign_in()
    refused = phone.join(phone_code="never-given-out")
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "phone_code_invalid")


@pytest.mark.requirement("S2.1")
def test_the_same_person_by_sms_is_the_same_member(phone: Phone, platforms: Platforms, client: Client) -> None:
    phone.sign_in()
    card = phone.join().json["member"]
    assert phone.post("/sms-codes", phone=phone.person["phone"]).status_code == 202
    code = _sms_code(platforms, phone)
    browser = Phone(client, platforms, phone.scene, phone.person)
    signed_in = browser.post("/sessions/sms", phone=phone.person["phone"], code=code)
    assert (signed_in.status_code, signed_in.json["member"]["id"]) == (201, card["id"])


def _sms_code(platforms: Platforms, phone: Phone) -> str:
    messages = platforms.get(f"/phone/api/people/{phone.person['id']}/messages")["items"]
    texts = [str(message) for message in messages if message["channel"] == "sms"]
    digits = "".join(letter if letter.isdigit() else " " for letter in texts[-1]).split()
    return next(word for word in digits if len(word) == 6)


def test_a_phone_is_not_flooded_with_codes(phone: Phone) -> None:
    number, start = phone.person["phone"], clock.now()
    with clock.freeze(start):
        answers = [phone.post("/sms-codes", phone=text).status_code for text in (number, f"+86 {number}")]
    assert answers == [202, 429]
    asked = [_asks_at(start + timedelta(minutes=30 * number_of_try), phone) for number_of_try in range(1, 48)]
    assert asked.count(429) >= 47 - 24  # at most twelve a day, and the tries touch two days
    assert _asks_at(start + timedelta(days=2), phone) != 429


def _asks_at(moment: datetime, phone: Phone) -> int:
    """The status; the provider, whose clock stands elsewhere, refuses what is let through."""
    with clock.freeze(moment):
        return phone.post("/sms-codes", phone=phone.person["phone"]).status_code


def test_by_sms_first_and_in_the_mini_program_later_is_one_member(phone: Phone, platforms: Platforms) -> None:
    phone.post("/sms-codes", phone=phone.person["phone"])
    signed_in = phone.post("/sessions/sms", phone=phone.person["phone"], code=_sms_code(platforms, phone))
    phone.token = signed_in.json["token"]
    joined = phone.post("/members/me/join", consent_version="v1").json
    mini = Phone(phone.client, platforms, phone.scene, phone.person)
    mini.sign_in()
    assert mini.join().json["member"]["id"] == joined["member"]["id"]
    assert len(joined["granted"]) == 2


def test_a_join_repeated_after_it_merged_the_visitor_gets_its_answer_again(phone: Phone, platforms: Platforms) -> None:
    phone.post("/sms-codes", phone=phone.person["phone"])
    phone.post("/sessions/sms", phone=phone.person["phone"], code=_sms_code(platforms, phone))
    mini = Phone(phone.client, platforms, phone.scene, phone.person)
    mini.sign_in()
    code = platforms.post(f"/phone/api/people/{phone.person['id']}/phone-code")["code"]
    first, again = (mini.join(key="one-intent", phone_code=code) for _ in range(2))
    assert (len(first.json["granted"]), again.json) == (2, first.json)


def test_the_official_account_leads_to_the_same_member(phone: Phone, platforms: Platforms) -> None:
    phone.sign_in()
    card = phone.join().json["member"]
    url = phone.get("/sessions/official-account/authorize-url?return_to=/h5/").json["url"]
    state = url.split("state=")[1].split("#")[0]
    code = platforms.post(f"/phone/api/people/{phone.person['id']}/oauth-code", {"scope": "snsapi_userinfo"})["code"]
    signed_in = phone.post("/sessions/official-account", code=code, state=state)
    assert (signed_in.status_code, signed_in.json["member"]["id"]) == (201, card["id"])
    forged = phone.post("/sessions/official-account", code=code, state="forged")
    assert (forged.status_code, forged.json["error"]["code"]) == (422, "login_state_invalid")


def test_a_link_with_somebody_elses_login_signs_nobody_in(app: Flask, phone: Phone, platforms: Platforms) -> None:
    url = phone.get("/sessions/official-account/authorize-url").json["url"]
    state = url.split("state=")[1].split("#")[0]
    code = platforms.post(f"/phone/api/people/{phone.person['id']}/oauth-code")["code"]
    elsewhere = Client(app, app.response_class)
    for _ in range(2):  # neither a browser that never asked, nor one with a state of its own
        lured = elsewhere.post("/api/v1/sessions/official-account", json={"code": code, "state": state})
        assert (lured.status_code, lured.json["error"]["code"]) == (422, "login_state_invalid")
        elsewhere.get("/api/v1/sessions/official-account/authorize-url")
    other_tab = phone.get("/sessions/official-account/authorize-url")
    assert other_tab.status_code == 200
    assert phone.post("/sessions/official-account", code=code, state=state).status_code == 201


def test_a_session_ends_when_it_is_ended_forged_or_old(phone: Phone) -> None:
    phone.sign_in()
    token = phone.token
    assert phone.client.delete("/api/v1/sessions/current", headers=phone.headers()).status_code == 204
    assert phone.get("/members/me").json["error"]["code"] == "session_expired"
    phone.token = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
    assert phone.get("/members/me").json["error"]["code"] == "session_expired"
    phone.token = ""
    assert phone.get("/members/me").status_code == 401
    phone.sign_in()
    with clock.freeze(clock.now() + timedelta(days=31)):
        assert phone.get("/members/me").json["error"]["code"] == "session_expired"


def test_a_login_code_works_once(phone: Phone) -> None:
    code = phone.platforms.post(f"/phone/api/people/{phone.person['id']}/login-code")["code"]
    assert phone.post("/sessions/mini-program", code=code).status_code == 201
    again = phone.post("/sessions/mini-program", code=code)
    assert (again.status_code, again.json["error"]["code"]) == (422, "login_code_invalid")


def test_when_wechat_is_away_nothing_is_lost(phone: Phone) -> None:
    phone.platforms.fault("http", "mini", value="502", times=10)
    code = phone.platforms.post(f"/phone/api/people/{phone.person['id']}/login-code")["code"]
    away = phone.post("/sessions/mini-program", code=code)
    assert (away.status_code, away.json["error"]["code"]) == (503, "platform_unavailable")
    assert away.json["error"]["message"] == "微信服务暂时没有响应，请稍后重试"
    assert db.session.scalar(select(func.count()).select_from(Member)) == 0


def test_a_visitor_from_wechat_who_proves_a_phone_is_known_by_both(phone: Phone, platforms: Platforms) -> None:
    phone.sign_in()
    phone.post("/sms-codes", phone=phone.person["phone"])
    proved = phone.post("/sessions/sms", phone=phone.person["phone"], code=_sms_code(platforms, phone)).json
    phone.token = proved["token"]
    joined = phone.post("/members/me/join", consent_version="v1").json
    later = Phone(phone.client, platforms, phone.scene, phone.person)
    assert later.sign_in().json["member"] == joined["member"] | {"coupons_usable": 2}


def test_a_member_does_not_join_a_second_time_by_a_phone_of_nobody(phone: Phone, platforms: Platforms) -> None:
    phone.sign_in()
    card = phone.join().json["member"]
    refused = phone.post("/sessions/sms", phone="13912340000", code=_issue_code("13912340000"))
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "signed_in_as_member")
    assert refused.json["error"]["fields"] == {"phone": card["phone_masked"]}
    assert queries.find_member_id(IdentityKind.PHONE, phone_index("13912340000")) is None
    again = phone.post("/sessions/sms", phone=phone.person["phone"], code=_issue_code(phone.person["phone"]))
    assert (again.status_code, again.json["member"]["id"]) == (201, card["id"])


def test_two_members_on_one_device_may_be_one_person(phone: Phone) -> None:
    other = make_member(phone="13912340001")
    phone.sign_in()
    phone.join()
    changed = phone.post("/sessions/sms", phone="13912340001", code=_issue_code("13912340001"))
    assert (changed.status_code, changed.json["member"]["id"]) == (201, other.public_id)
    searching.search()
    (pair,) = db.session.scalars(select(MemberPair)).all()
    assert (pair.evidence, pair.outcome) == ({"device": 1}, "faint")


def _issue_code(phone: str) -> str:
    with atomic():
        return sms_codes.issue(phone, now=clock.now())[1]


def test_a_double_press_is_answered_alike_though_the_phone_code_is_spent(phone: Phone) -> None:
    phone.sign_in()
    code = phone.platforms.post(f"/phone/api/people/{phone.person['id']}/phone-code")["code"]
    visitor = phone.token
    first = phone.post("/members/me/join", key="double-press", consent_version="v1", phone_code=code)
    phone.token = visitor
    again = phone.post("/members/me/join", key="double-press", consent_version="v1", phone_code=code)
    assert (again.status_code, again.json) == (200, first.json)
