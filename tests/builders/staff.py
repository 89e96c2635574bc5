"""Members of staff with roles, and their browsers."""

import contextvars
import itertools
import re

from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access import staff, staff_queries
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import crypto
from app.malls.models import Store
from app.web.staff import auth, csrf, devices
from app.web.staff.portals import Portal

PASSWORD = "correct-horse-7"

_numbers = itertools.count(1)
_TOKEN = re.compile(r'name="csrf-token" content="([0-9a-f]{64})"')
_KEY = re.compile(r'name="idempotency_key" value="([0-9a-f]{32})"')


def make_staff(role: Role | None = None, place: Place | None = None, *, name: str = "王芳", phone: str = "") -> Staff:
    """Somebody with PASSWORD and, unless there is no role, that role in that place (the group by default)."""
    person = staff.hire(name=name, phone=phone or new_phone(), password=PASSWORD, now=clock.now())
    if role is not None:
        staff.grant_role(person.id, role=role, place=place or Place())
    return person


def make_clerk(store: Store, **facts: str) -> Staff:
    """A clerk of the store."""
    return make_staff(Role.CLERK, Place(store_id=store.id), **facts)


def make_manager(store: Store, **facts: str) -> Staff:
    """The manager of the store's merchant in the store's mall."""
    return make_staff(Role.MERCHANT_MANAGER, Place(mall_id=store.mall_id, merchant_id=store.merchant_id), **facts)


def new_phone() -> str:
    """A phone nobody has yet."""
    return f"137{next(_numbers):08d}"


def phone_of(person: Staff) -> str:
    """The phone in the clear."""
    return crypto.unseal(person.phone_sealed, purpose=staff_queries.PHONE_PURPOSE)


def sign_in(client: FlaskClient, person: Staff, *, portal: str = "/portal", password: str = PASSWORD) -> TestResponse:
    """Fill the portal's sign-in form."""
    token = csrf_token(client, f"{portal}/sign-in")
    form = {"phone": phone_of(person), "password": password, "csrf_token": token}
    return client.post(f"{portal}/sign-in", data=form)


def let_in(client: FlaskClient, person: Staff, portal: Portal) -> str:
    """Sign in as the form does, without its pages; returns a forgery token for what is posted after."""
    asked = client.application.test_request_context
    phone, known = phone_of(person), client.get_cookie(devices.COOKIE)
    form = {
        "method": "POST",
        "environ_base": {"REMOTE_ADDR": "127.0.0.1"},
        "headers": {"Cookie": f"{devices.COOKIE}={known.value}"} if known else {},
    }

    def signed_in() -> str:
        with asked(f"{portal.prefix}/sign-in", **form):
            auth.sign_in(portal, phone=phone, password=PASSWORD)
            client.set_cookie(portal.cookie, g.session_token, path=portal.prefix)
            client.set_cookie(devices.COOKIE, g.staff_device)
            session = f"{portal.cookie}={g.session_token}"
        with asked(portal.prefix, headers={"Cookie": session}):
            return csrf.token(portal)

    db.session.flush()
    token = contextvars.Context().run(signed_in)
    db.session.expire_all()
    return token


def csrf_token(client: FlaskClient, page: str) -> str:
    """The forgery token that the page carries."""
    return csrf_token_in(client.get(page).text)


def csrf_token_in(html: str) -> str:
    """The same of a page that was read otherwise."""
    return _first(_TOKEN, html)


def submit(client: FlaskClient, page: str, action: str, **fields: object) -> TestResponse:
    """Open the page, then post the form with its hidden fields."""
    html = client.get(page).text
    hidden = {"csrf_token": _first(_TOKEN, html), "idempotency_key": _first(_KEY, html)}
    return client.post(action, data=hidden | fields, headers={"Referer": f"http://localhost{page}"})


def _first(pattern: re.Pattern[str], html: str) -> str:
    found = pattern.search(html)
    assert found is not None, html[:500]
    return found.group(1)
