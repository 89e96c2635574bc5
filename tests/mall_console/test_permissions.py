"""Who gets in where: every page and every form for every role, other malls, forgery."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.routing import MapAdapter
from werkzeug.test import TestResponse

from app.access import staff
from app.access.models import Role
from app.access.scopes import PERMISSIONS, Place
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.ladders import documents
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from mall_console.kit.workspace import Workspace, mall_required
from tests.builders.console import World
from tests.builders.identity import make_member
from tests.builders.staff import make_clerk, make_staff, sign_in
from tests.mall_console import addresses
from tests.mall_console.conftest import Console, SignIn
from tests.support.isolation import Client

CountStatements = Callable[[], AbstractContextManager[list[str]]]

CONSOLE_ROLES = (Role.OPERATIONS, Role.FINANCE, Role.ADMINISTRATOR, Role.AUDITOR)


@pytest.fixture
def near(world: World) -> None:
    """Somebody whose tier ends, and somebody who is close to the next one."""
    ladder = Ladder((Rung("silver", "银卡", 0), Rung("gold", "金卡", 2_000)), 12, AtEnd.ONE_DOWN)
    db.session.execute(update(TierLadder).values(document=documents.to_document(ladder)))
    for growth in (1_900, 2_500):
        member = make_member(world.mall)
        crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact("test"), now=clock.now())


@pytest.mark.usefixtures("near")
@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_a_role_opens_the_pages_of_its_permissions_and_no_others_and_is_led_to_no_others(
    app: Flask, world: World, enter: SignIn, role: Role
) -> None:
    console, routes = enter(role, Place(mall_id=world.mall.id)), app.url_map.bind("localhost")
    wanted = {
        path: 200 if permission in PERMISSIONS[role] else 403 for path, permission in addresses.pages(world).items()
    }
    answers = {path: console.get(world.base + path) for path in wanted}
    assert {path: answer.status_code for path, answer in answers.items()} == wanted
    closed = {routes.match(world.base + path.split("?")[0])[0] for path, status in wanted.items() if status == 403}
    led = {path: _led_to(answer, world, routes) & closed for path, answer in answers.items() if wanted[path] == 200}
    assert {path: found for path, found in led.items() if found} == {}


def _led_to(answer: TestResponse, world: World, routes: MapAdapter) -> set[str]:
    """What the pages of the mall are called to which a page has links."""
    links = {link for link in re.findall(r'href="([^"#?]+)', _words_of(answer)) if link.startswith(world.base)}
    return {routes.match(link, "GET")[0] for link in links if routes.test(link, "GET")}


def test_every_page_answers_who_asks_for_a_part_of_it(world: World, administrator: Console) -> None:
    paths, part = [path for path in addresses.pages(world) if "." not in path], {"HX-Request": "true"}
    answers = {path: administrator.client.get(world.base + path, headers=part) for path in paths}
    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code != 200} == {}


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_a_role_posts_the_forms_of_its_permissions_and_no_others(world: World, enter: SignIn, role: Role) -> None:
    console = enter(role, Place(mall_id=world.mall.id))
    refused = {path for path, permission in addresses.forms(world).items() if permission not in PERMISSIONS[role]}
    assert {path for path in addresses.forms(world) if console.post(world.base + path).status_code == 403} == refused


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_the_menu_shows_what_the_role_may_see(world: World, enter: SignIn, role: Role) -> None:
    page = enter(role, Place(mall_id=world.mall.id)).get(world.base).text
    shown = set(re.findall(rf'class="nav-item" href="{world.base}(/?[a-z]*)"', page))
    readable = {path for path, permission in addresses.pages(world).items() if permission in PERMISSIONS[role]}
    assert shown and shown <= readable


def test_every_route_of_a_mall_is_known_to_these_tests(app: Flask, world: World) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/console/<mall_code>")]
    reads = {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - {
        "console.entrances.code_picture",
        "console.list_files.download",
    }
    posts = {rule.endpoint for rule in rules if "POST" in (rule.methods or ())}
    adapter = app.url_map.bind("localhost")
    paths = (path.split("?")[0] for path in addresses.pages(world))
    assert {adapter.match(world.base + path)[0] for path in paths} == reads
    assert {adapter.match(world.base + path, "POST")[0] for path in addresses.forms(world)} == posts


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_staff_of_one_mall_find_no_page_of_the_other(world: World, other: World, enter: SignIn, role: Role) -> None:
    console = enter(role, Place(mall_id=other.mall.id))
    assert {console.get(world.base + path).status_code for path in addresses.pages(world)} == {404}
    assert {console.post(world.base + path).status_code for path in addresses.forms(world)} == {404}


def _words_of(answer: TestResponse) -> str:
    """What can be read in an answer: bytes of a picture may happen to be a word's."""
    return "" if answer.mimetype.startswith("image/") else answer.get_data().decode(errors="ignore")


@pytest.mark.parametrize("role", CONSOLE_ROLES)
def test_no_page_of_ones_own_mall_tells_of_the_other(world: World, other: World, enter: SignIn, role: Role) -> None:
    console = enter(role, Place(mall_id=other.mall.id))
    secrets = ("甲", world.member.public_id, "137****8765", "沪A", world.statement_no, world.machine.client_id)
    told = {
        path: [secret for secret in secrets if secret in text]
        for path in addresses.pages(other)
        if (text := _words_of(console.get(other.base + path)))
    }
    assert {path: found for path, found in told.items() if found} == {}


def test_what_belongs_to_another_mall_is_not_found_through_ones_own(
    world: World, other: World, administrator: Console
) -> None:
    """Nobody reaches a mall's rows through another mall's address, however many malls they may see."""
    with_ids = {path for path in addresses.pages(world) if path not in addresses.pages(other)}
    shared = {f"/staff/{world.clerk.public_id}"}  # staff belong to places, and the administrator keeps both malls
    answers = {path: administrator.get(other.base + path).status_code for path in with_ids - shared}
    assert len(answers) > 12 and set(answers.values()) == {404}
    forms = {path for path in addresses.forms(world) if path not in addresses.forms(other)}
    for path in forms - {path for path in forms if path.startswith("/staff/")}:
        assert administrator.post(other.base + path, **_ANYTHING).status_code == 404, path


_ANYTHING = {
    "answer": "x",
    "reference": "x",
    "holder": "x",
    "bank": "x",
    "invoice_status": "waived",
    "effective_from": "2027-01-01",
    "commission": "5",
    "issue_price": "1",
    "due_days": "30",
    "redeem_price": "1",
    "name": "x",
    "floor": "1F",
    "category": "dining",
    "active": "yes",
    "gate_url": "https://gate.example.com",
}


@pytest.mark.parametrize("path", ["/settlement/close", "/members/search", "/staff"])
def test_without_a_forgery_token_nothing_is_done(administrator: Console, world: World, path: str) -> None:
    assert administrator.client.post(world.base + path).status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, world: World) -> None:
    answer = client.get(f"{world.base}/settlement")
    assert (answer.status_code, answer.location) == (303, f"/console/sign-in?next={world.base}/settlement")
    assert client.get(world.base, headers={"HX-Request": "true"}).headers["HX-Redirect"].startswith("/console/sign-in")


def test_signing_in_leads_to_the_mall_one_worked_in_last(client: Client, world: World, other: World) -> None:
    person = make_staff(Role.ADMINISTRATOR)
    assert sign_in(client, person, portal="/console").location == "/console"
    assert client.get("/console").location == "/console/YH"
    page = client.get("/console/YT").text
    assert "甲商场" in page and "乙商场" in page
    assert client.get("/console").location == "/console/YT"


def test_portal_roles_do_not_enter_the_console(client: Client, world: World) -> None:
    assert sign_in(client, make_clerk(world.store), portal="/console").status_code == 403
    assert client.get("/console").status_code == 303


def test_a_password_chosen_by_somebody_else_opens_only_the_page_that_replaces_it(client: Client, world: World) -> None:
    person = make_staff(Role.FINANCE, Place(mall_id=world.mall.id))
    staff.mark_temporary(person)
    assert sign_in(client, person, portal="/console").status_code == 303
    assert client.get(world.base).location == "/console/password"
    assert "由他人代设" in client.get("/console/password").text


def test_signing_out_ends_the_session(operations: Console, world: World) -> None:
    assert operations.post("/console/sign-out").location == "/console/sign-in"
    assert operations.get(world.base).status_code == 303


def test_one_s_own_password_is_changed_with_the_present_one(operations: Console) -> None:
    page = "/console/password"
    assert operations.post(page, page=page, present_password="wrong-1", new_password="brand-new-88").location == page
    assert "当前密码不正确" in operations.get(page).text
    answer = operations.post(page, present_password="correct-horse-7", new_password="brand-new-88")
    assert answer.location == "/console"


def test_an_unknown_page_says_so_in_the_console_s_clothes(operations: Console, world: World) -> None:
    answer = operations.get(f"{world.base}/nowhere")
    assert answer.status_code == 404 and "返回首页" in answer.text


def test_a_page_that_fails_midway_keeps_the_menu_and_asks_the_database_nothing_more(
    app: Flask, operations: Console, world: World, count_statements: CountStatements
) -> None:
    @mall_required("campaign.view")
    def view(workspace: Workspace) -> None:
        raise OperationalError("", {}, Exception())

    cookie = operations.client.get_cookie("console_session", path="/console")
    assert cookie is not None
    with app.test_request_context(f"{world.base}/campaigns?q=x", headers={"Cookie": f"console_session={cookie.value}"}):
        with pytest.raises(OperationalError) as failed:
            view(mall_code=world.mall.code)
        with count_statements() as sent:
            answer = app.make_response(app.handle_user_exception(failed.value))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503 and sent == []
    assert f'href="{world.base}/redemptions"' in page and f'href="{world.base}/campaigns?q=x">重试' in page
