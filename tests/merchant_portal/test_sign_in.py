"""Signing in to the portal: cookies, forgery tokens, throttling, the store one stands in."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from app.access import staff
from app.access.models import AuditEntry, Role
from app.access.scopes import Place
from app.kernel.db import db
from app.kernel.settings import Settings
from app.malls.models import Store
from tests.builders.malls import make_store
from tests.builders.staff import PASSWORD, csrf_token, make_clerk, make_staff, phone_of, sign_in, submit
from tests.merchant_portal.conftest import Portal
from tests.support.clock import StillClock
from tests.support.isolation import Client
from tests.support.proofs import solve


def test_signing_in_gives_a_cookie_for_the_portal_only(client: Client, store: Store) -> None:
    answer = sign_in(client, make_clerk(store))
    assert (answer.status_code, answer.location) == (303, "/portal")
    [cookie] = [text for text in answer.headers.getlist("Set-Cookie") if text.startswith("portal_session=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/portal" in cookie
    assert client.get("/portal").status_code == 200


def test_cookies_are_secure_where_the_product_is_reached_by_https(settings: Settings) -> None:

    assert replace(settings, public_url="https://mall.example").secure_cookies


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, store: Store) -> None:
    answer = client.get("/portal/history?day=2026-03-01")
    assert answer.status_code == 303
    assert answer.location == "/portal/sign-in?next=/portal/history%3Fday%3D2026-03-01"
    page = client.get(answer.location).text
    assert 'value="/portal/history?day=2026-03-01"' in page


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/portalx", "/console", "/portal/\\x", "/portal?x=\r\nSet-Cookie: a=b"],
)
def test_signing_in_never_leads_away_from_the_portal(client: Client, store: Store, wanted: str) -> None:
    token = csrf_token(client, "/portal/sign-in")
    form = {"phone": phone_of(make_clerk(store)), "password": PASSWORD, "csrf_token": token, "next": wanted}
    assert client.post("/portal/sign-in", data=form).location == "/portal"


@pytest.mark.parametrize("page", ["//evil.example/", "/h5/", "/portal/\\x"])
def test_a_refused_form_never_leads_away_from_the_portal(client: Client, page: str) -> None:
    token = csrf_token(client, "/portal/sign-in")
    form = {"phone": "13900000000", "password": "wrong-pass-1", "csrf_token": token}
    for referrer in (f"http://localhost{page}", "http://[", "http://evil.example/portal"):
        answer = client.post("/portal/sign-in", data=form, headers={"Referer": referrer})
        assert (answer.status_code, answer.location) == (401, None)


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client: Client) -> None:
    answer = client.get("/portal/history", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/portal/sign-in")


def test_json_says_401_instead_of_redirecting(client: Client) -> None:
    answer = client.get("/portal/api/today")
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "sign_in_required")


def test_a_wrong_password_goes_back_to_the_form_with_the_phone_and_without_the_password(client: Client) -> None:
    person = make_staff(Role.CLERK, Place(store_id=make_store().id))
    token = csrf_token(client, "/portal/sign-in")
    form = {"phone": phone_of(person), "password": "wrong-pass-1", "csrf_token": token}
    answer = client.post("/portal/sign-in", data=form, headers={"Referer": "http://localhost/portal/sign-in"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "手机号或密码不正确" in page and phone_of(person) in page and "wrong-pass-1" not in page


def test_a_ninth_try_in_a_quarter_of_an_hour_is_refused_even_with_the_right_password(
    client: Client, store: Store, clock: StillClock
) -> None:
    person = make_clerk(store)
    for _ in range(staff.TRIES_PER_PHONE):
        assert sign_in(client, person, password="wrong-pass-1").status_code == 401
    answer = sign_in(client, person)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    clock.advance(minutes=15)
    assert sign_in(client, person).status_code == 303


def test_after_many_tries_the_form_costs_a_proof_and_a_known_browser_none(
    app: Flask, client: Client, store: Store, clock: StillClock
) -> None:
    person, known = make_clerk(store), Client(app, app.response_class)
    assert sign_in(known, person).status_code == 303
    submit(known, "/portal/me", "/portal/sign-out")
    for _ in range(staff.TRIES_PER_PHONE):
        sign_in(client, person, password="wrong-pass-1")
    assert sign_in(known, person).status_code == 303
    form = {"phone": phone_of(person), "password": PASSWORD}
    page = "/portal/sign-in"
    assert submit(client, page, page, **form).location == page
    shown = client.get(page).text
    [challenge] = re.findall(r'name="proof_key" value="([^"]+)"', shown)
    [bits] = re.findall(r'data-bits="(\d+)"', shown)
    assert "请等待 30 秒后再提交" in shown and "proof_key" not in client.get(page).text
    proof = solve(challenge, int(bits))
    sent = form | {"proof_key": challenge, "proof_token": proof.answer}
    assert submit(client, page, page, **sent).location == "/portal"


def test_console_roles_do_not_enter_the_portal(client: Client) -> None:
    answer = sign_in(client, make_staff(Role.ADMINISTRATOR))
    assert answer.status_code == 403
    assert client.get("/portal/me").status_code == 303


def test_without_a_forgery_token_nothing_is_done(clerk: Portal) -> None:
    answer = clerk.client.post("/portal/sign-out")
    assert answer.status_code == 403
    api = clerk.client.post("/portal/api/lookups", json={"code": "X"})
    assert (api.status_code, api.json["error"]["code"]) == (403, "csrf_failed")
    assert clerk.client.get("/portal/me").status_code == 200


def test_a_token_of_another_session_does_not_count(clerk: Portal, manager: Portal) -> None:
    answer = clerk.client.post("/portal/sign-out", data={"csrf_token": manager.token})
    assert answer.status_code == 403


def test_signing_out_ends_the_session_on_the_server(clerk: Portal) -> None:
    cookie = clerk.client.get_cookie("portal_session", path="/portal")
    assert cookie is not None
    assert clerk.client.post("/portal/sign-out", data={"csrf_token": clerk.token}).status_code == 303
    clerk.client.set_cookie("portal_session", cookie.value, path="/portal")
    assert clerk.client.get("/portal/me").status_code == 303


def test_a_session_in_use_slides_and_an_idle_one_ends(clerk: Portal, clock: StillClock) -> None:
    clock.advance(hours=11)
    answer = clerk.client.get("/portal/me")
    assert answer.status_code == 200
    assert any(text.startswith("portal_session=") for text in answer.headers.getlist("Set-Cookie"))
    clock.advance(hours=11)
    assert clerk.client.get("/portal/me").status_code == 200
    clock.advance(hours=12, minutes=1)
    assert clerk.client.get("/portal/me").status_code == 303


def test_who_works_in_several_stores_chooses_and_the_choice_is_audited(app: Flask, store: Store) -> None:
    other = make_store()
    person = make_clerk(store)
    staff.grant_role(person.id, role=Role.CLERK, place=Place(store_id=other.id))
    client = Client(app, app.response_class)
    sign_in(client, person)
    assert client.get("/portal").location == "/portal/stores"
    page = client.get("/portal/stores").text
    assert store.name in page and other.name in page
    assert submit(client, "/portal/stores", f"/portal/stores/{other.code}").location == "/portal"
    assert other.name in client.get("/portal").text
    assert "换店" in client.get("/portal").text and "共 2 家" in client.get("/portal/me").text
    entry = db.session.query(AuditEntry).filter_by(action="staff.stood_in_store").one()
    assert (entry.store_id, entry.actor_id) == (other.id, person.id)


@pytest.mark.parametrize("path", ["/portal", "/portal/me", "/portal/nowhere"])
def test_who_works_in_one_store_is_offered_no_other(clerk: Portal, store: Store, path: str) -> None:
    page = clerk.client.get(path).text
    assert store.name in page and "/portal/stores" not in page


def test_a_store_outside_ones_scope_cannot_be_chosen(clerk: Portal) -> None:
    foreign = make_store()
    assert submit(clerk.client, "/portal/stores", f"/portal/stores/{foreign.code}").status_code == 404


def test_a_session_ends_when_the_role_does(clerk: Portal, store: Store) -> None:
    db.session.execute(db.text("DELETE FROM staff_roles WHERE staff_id = :id"), {"id": clerk.person.id})
    assert clerk.client.get("/portal/me").status_code == 303


def test_changing_the_password_wants_the_present_one(client: Client, clerk: Portal) -> None:
    page, action = "/portal/me/password", "/portal/me/password"
    submit(clerk.client, page, action, present_password="wrong-1", new_password="brand-new-88")
    assert "当前密码不正确" in clerk.client.get(page).text
    assert submit(clerk.client, page, action, present_password=PASSWORD, new_password="brand-new-88").status_code == 303
    assert "密码已修改" in clerk.client.get("/portal/me").text
    assert sign_in(client, clerk.person, password="brand-new-88").status_code == 303


def test_a_found_browser_is_no_place_to_guess_the_password(clerk: Portal, clock: StillClock) -> None:
    page = "/portal/me/password"

    def try_with(present: str) -> str | None:
        fields = {"present_password": present, "new_password": "newer-pass-1"}
        return submit(clerk.client, page, page, **fields).location

    for number in range(staff.TRIES_PER_PHONE):
        assert try_with(f"wrong-pass-{number}") == page
    assert try_with(PASSWORD) == page
    clock.advance(minutes=15)
    assert try_with(PASSWORD) == "/portal/me"
