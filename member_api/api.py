"""The API as a whole: its OpenAPI document, its docs page, its resources."""

from typing import Any

from flask import Blueprint, Flask, Response, render_template, request
from flask_smorest import Api

from app.kernel import clock
from member_api import (
    behaviour,
    coupons,
    entrances,
    exchanges,
    points,
    points_payments,
    stores,
    subscriptions,
    suggestions,
    tasks,
)
from member_api.kit import kit
from member_api.membership import circle, invitations, leaving, members, own_data, profile, sessions, tiers
from member_api.parking import history, invoices, plates, stays
from member_api.receipts import claims, photos

PREFIX = "/api/v1"

docs = Blueprint("api_docs", __name__, template_folder="templates")

RESOURCES: list[Any] = [
    entrances.blueprint,
    sessions.blueprint,
    members.blueprint,
    coupons.blueprint,
    tasks.blueprint,
    subscriptions.blueprint,
    points.blueprint,
    claims.blueprint,
    photos.blueprint,
    circle.blueprint,
    points_payments.blueprint,
    exchanges.blueprint,
    plates.blueprint,
    stays.blueprint,
    history.blueprint,
    invoices.blueprint,
    stores.blueprint,
    suggestions.blueprint,
    behaviour.blueprint,
    tiers.blueprint,
    profile.blueprint,
    invitations.blueprint,
    own_data.blueprint,
    leaving.blueprint,
]


ABOUT = """What the mini-program and its H5 twin speak.

Sign in under *sessions*; the answer's token goes into `Authorization: Bearer …` of every call that bears a lock.
Every command takes an `Idempotency-Key`: the same key with the same input gets the same answer, and acts once.
Money is integer fen, points are integers, times are RFC 3339 with an offset,
and every answer says the server's in `X-Server-Time`.
A refusal is `{"error": {"code", "message", "fields"}}`: the code is stable, the message is Chinese, for the member."""


def _say_the_time(response: Response) -> Response:
    """A phone's clock may be off; its pages count by the server's."""
    if request.path.startswith(f"{PREFIX}/"):
        response.headers["X-Server-Time"] = clock.now().isoformat(timespec="milliseconds")
    return response


class MemberApi(Api):
    """Refusals of every kind look like ours in the document, too."""

    ERROR_SCHEMA = kit.ErrorView


def register(app: Flask) -> None:
    """Put the member API on the application."""
    app.config.update(
        API_TITLE="Huitou member API",
        API_VERSION="1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"info": {"description": ABOUT}},
    )
    app.after_request(_say_the_time)
    api = MemberApi(app)
    api.spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for resource in RESOURCES:
        api.register_blueprint(resource, url_prefix=PREFIX)
    app.register_blueprint(docs)


@docs.get("/api/docs")
def page() -> str:
    """The document as a page that needs no network."""
    return render_template("api_docs/page.html")
