"""Whatever makes the product answer 503, the answer says when to ask again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from app.identity.sessions import Started
from app.kernel import discovery
from app.kernel.errors import DomainError
from app.kernel.settings import Settings
from app.web import member_auth
from app.web.errors import STATUS_OF_KIND
from app.web.staff import portals
from app.web.staff.portals import Portal
from member_api import h5
from tests.support.clock import START
from wsgi import create_app

pytestmark = pytest.mark.no_database

PLACES = ["/api/v1/members/me", "/portal/me", "/console", "/open/v1/receipts", "/nowhere"]


@pytest.fixture(scope="module")
def away(settings: Settings) -> Flask:
    """The product without its database."""
    return create_app(replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/nowhere"))


def _busy() -> Iterator[DomainError]:
    """Every refusal that says to come again: a lock not got, a platform that does not answer, and so on."""
    assert list(discovery.modules_named("errors", below="app"))
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting += [below for below in kind.__subclasses__() if below.__module__.startswith("app.")]
        if STATUS_OF_KIND[kind.kind] == 503:
            error = kind.__new__(kind)
            DomainError.__init__(error)  # whatever facts some of them want
            yield error


def _says_when(status: int, answer: object) -> None:
    assert isinstance(answer, (TestResponse, Flask.response_class))
    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "failure",
    [
        *_busy(),
        OperationalError("", {}, Exception()),
        InternalError("", {}, Exception(), connection_invalidated=True),
        PoolExhausted(),
        ServiceUnavailable(),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_every_failure_that_passes_says_when(away: Flask, place: str, failure: Exception) -> None:
    with away.test_request_context(place):
        _says_when(503, away.finalize_request(away.handle_user_exception(failure)))


@pytest.mark.parametrize("place", ["/readyz", "/api/v1/entrances/S1"])
def test_an_answer_without_a_database_says_when(away: Flask, place: str) -> None:
    _says_when(503, away.test_client().get(place))


def test_the_members_page_that_is_not_built_says_when(
    away: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(h5, "BUILT", tmp_path)
    _says_when(503, away.test_client().get("/h5/"))


@pytest.mark.parametrize("portal", [portals.PORTAL, portals.CONSOLE])
def test_staff_without_a_database_are_told_when(away: Flask, portal: Portal) -> None:
    client = away.test_client()
    client.set_cookie(portal.cookie, "some-session", path=portal.prefix)
    _says_when(503, client.get(portal.prefix))


def test_members_without_a_database_are_told_when(away: Flask) -> None:
    with away.app_context():
        token = member_auth.token_for(Started(member_id=1, secret="some-secret", expires_at=START))
    _says_when(503, away.test_client().get("/api/v1/members/me", headers={"Authorization": f"Bearer {token}"}))


def test_what_the_database_holds_wrong_is_a_failure(away: Flask) -> None:
    with away.test_request_context("/api/v1/members/me"):
        broken = away.make_response(away.handle_user_exception(InternalError("", {}, Exception())))
    assert broken.status_code == 500


def test_other_answers_do_not(away: Flask) -> None:
    assert "Retry-After" not in away.test_client().get("/healthz").headers
