"""What was typed into a refused form comes back, however long; what no form can hold is told, never lost in silence."""

import random
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import quote

import pytest
from flask import Flask, flash, session
from werkzeug.test import TestResponse

import wsgi
from app.access.models import Role
from app.access.scopes import Place
from app.kernel import discovery
from app.web.errors import MESSAGES
from app.web.forms.forms import Form
from app.web.pages import cookies, pages
from app.web.staff import left_forms
from tests.builders.console import World, make_world
from tests.builders.staff import make_staff, sign_in
from tests.builders.tasks import make_tiers
from tests.mall_console.conftest import Console
from tests.support.clock import StillClock
from tests.support.isolation import Client

BROWSERS_KEEP = 4_096
LONGEST_MESSAGE = 200
LETTERS = [chr(code) for code in range(0x4E00, 0x9FA5)]


def _forms(below: type[Form] = Form) -> Iterator[type[Form]]:
    for form in below.__subclasses__():
        if not form.__module__.startswith("tests."):
            yield form
            yield from _forms(form)


@pytest.fixture(scope="module")
def forms() -> list[type[Form]]:
    """Every form of the product."""
    assert wsgi
    assert list(discovery.modules_named("subject", below="mall_console"))
    found = list(_forms())
    assert len(found) > 20
    return found


def _full(form: type[Form], chance: random.Random) -> dict[str, list[str]]:
    """Every field as long as a browser lets one type; where it sets no limit, twenty letters."""
    lengths = {field.name: int(field.attributes.get("maxlength", 20)) for field in form.fields if not field.secret}
    return {name: ["".join(chance.choices(LETTERS, k=length))] for name, length in lengths.items()}


def test_the_fullest_form_fits_into_what_browsers_keep(app: Flask, forms: list[type[Form]]) -> None:
    chance = random.Random(1)
    assert max(map(len, MESSAGES.values())) < LONGEST_MESSAGE
    for form in forms:
        with app.test_request_context("/console/password", method="POST"):
            flash("".join(chance.choices(LETTERS, k=LONGEST_MESSAGE)), "refused")
            assert cookies.keep("typed", _full(form, chance)), form.__name__
            assert _cookie_size(app) <= BROWSERS_KEEP


@pytest.mark.parametrize(("fields", "length"), [(1, 100_000), (40, 500), (3, 2_000)])
def test_more_than_fits_is_left_out_whole_and_the_message_stays(app: Flask, fields: int, length: int) -> None:
    chance = random.Random(2)
    with app.test_request_context("/console/password", method="POST"):
        flash("请填写日期", "refused")
        typed = {f"field{number}": ["".join(chance.choices(LETTERS, k=length))] for number in range(fields)}
        assert not cookies.keep("typed", {"short": ["短"], **typed})
        assert session["typed"]["short"] == ["短"]
        assert all(session["typed"][name] == typed[name] for name in session["typed"] if name != "short")
        flash(pages._TOO_LONG, "refused")
        assert _cookie_size(app) <= BROWSERS_KEEP


def _cookie_size(app: Flask) -> int:
    response = app.response_class()
    app.session_interface.save_session(app, session, response)
    return max(len(header) for header in response.headers.getlist("Set-Cookie"))


@pytest.fixture
def operations(clock: StillClock, app: Flask, db_session: object) -> tuple[Console, World]:
    make_tiers()
    world = make_world("甲", "YH")
    return Console.of(Client(app, app.response_class), make_staff(Role.OPERATIONS, Place(mall_id=world.mall.id))), world


def test_a_refused_form_comes_back_with_all_that_was_typed_and_ticked(operations: tuple[Console, World]) -> None:
    console, world = operations
    page, title = f"{world.base}/campaigns/new", "名" * 40
    typed = {"kind": "gift", "title": title, "summary": "说" * 60, "where": "some", "store": world.store.code}
    refused = console.post(f"{world.base}/campaigns", page=page, **typed, face="not a number")
    assert refused.status_code == 303
    cookie = SimpleCookie(refused.headers["Set-Cookie"])["huitou_page"]
    assert len(cookie.OutputString()) <= BROWSERS_KEEP
    shown = console.get(page).text
    for kept in (title, "说" * 60, "not a number"):
        assert f'value="{kept}"' in shown
    assert 'name="store" value="' in shown and " checked>" in shown.partition('name="store"')[2].partition("</div>")[0]


def test_what_no_cookie_holds_is_told(operations: tuple[Console, World]) -> None:
    console, world = operations
    page = f"{world.base}/campaigns/new"
    console.post(
        f"{world.base}/campaigns",
        page=page,
        title="".join(random.Random(3).choices(LETTERS, k=5_000)),
        summary="kept",
        face="1",
    )
    shown = console.get(page).text
    assert pages._TOO_LONG in shown and 'value="kept"' in shown


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    operations: tuple[Console, World],
) -> None:
    console, world = operations
    page, title = f"{world.base}/campaigns/new?from={world.campaign.public_id}", "名" * 40

    def end_session() -> None:
        console.client.delete_cookie("console_session", path="/console")

    typist = re.search(f'name="{left_forms.FIELD}" value="([0-9a-f]+)"', console.get(page).text)[1]  # type: ignore[index]
    other = make_staff(Role.OPERATIONS, Place(mall_id=world.mall.id))

    def sent_too_late() -> TestResponse:
        end_session()
        fields = {left_forms.FIELD: typist, "title": title, "face": "not a number"}
        return console.post(f"{world.base}/campaigns", page=page, **fields)

    end_session()
    sign_in(console.client, other, portal="/console")
    answer = sent_too_late()
    assert answer.location == f"/console/sign-in?next={quote(page)}"
    asked = console.client.get(answer.location).text
    assert pages._ENDED_WHILE_TYPED in asked and title not in asked
    sign_in(console.client, console.person, portal="/console")
    assert title not in console.get(f"{world.base}/campaigns/new").text, "another page"
    assert f'value="{title}"' in console.get(page).text
    assert title not in console.get(page).text, "once"

    sent_too_late()
    sign_in(console.client, other, portal="/console")
    assert title not in console.get(page).text, "somebody else"
