"""The sandbox's application: all platforms under one address."""

import datetime as dt
from copy import copy
from functools import cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, request

from sandbox import controls
from sandbox.circle import api as circle_api
from sandbox.circle import desk as circle_desk
from sandbox.kit.clock import SHANGHAI, Clock
from sandbox.kit.errors import ApiError, PayRefusal, Refusal
from sandbox.kit.faults import Faults
from sandbox.kit.postman import Postman
from sandbox.kit.requestlog import RequestLog
from sandbox.kit.settings import Settings
from sandbox.kit.store import Store
from sandbox.kit.wire import json_response, refusal_response
from sandbox.kit.world import World, world
from sandbox.machines import gate, sms, till
from sandbox.pay import orders, pay, signatures
from sandbox.people import people
from sandbox.phone import chat_api, phone, phone_api
from sandbox.wechat import mini, official, push, templates_registry, tokens
from sandbox.wecom import chats, contacts, tags, wecom

_LOOPBACK = ("127.0.0.1", "localhost")
_BLUEPRINTS = (
    tokens.blueprint,
    mini.blueprint,
    official.blueprint,
    wecom.blueprint,
    chats.blueprint,
    tags.blueprint,
    pay.blueprint,
    circle_api.blueprint,
    gate.blueprint,
    sms.blueprint,
    phone.blueprint,
    chat_api.blueprint,
    phone_api.blueprint,
    controls.blueprint,
    till.blueprint,
    circle_desk.blueprint,
)
# What only tests and the sandbox's own pages call.
_OWN_API = ("phone_api", "chat_api", "controls", "till", "circle_desk")
MOST_BYTES = 12 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """An application over the store in `settings.data`. Raises SettingsError for unusable WeChat Pay keys."""
    here, keys = _build_world(settings), signatures.load(settings)
    here.postman.add_route("mini", push.route(here))
    here.postman.add_route("wecom", contacts.route(here))
    here.postman.add_route("gate", gate.route(here))
    if keys is not None:
        here.postman.add_route("pay", orders.route(here, keys))
    app = copy(_without_world())
    app.extensions = {"sandbox": here, "sandbox_pay_keys": keys}
    return app


@cache
def _without_world() -> Flask:
    """What all sandboxes of a process have in common: making routes is most of the work, and tests make hundreds."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    _answer_errors(app)
    _guard(app)
    _describe_templates(app)
    app.add_url_rule("/", "front", lambda: redirect("/phone"))
    app.add_url_rule("/healthz", "healthz", lambda: json_response({"ok": True}))
    return app


def _build_world(settings: Settings) -> World:
    store, clock, log = Store(settings.data), Clock(settings.clock_offset_s), RequestLog()
    faults = Faults(store)
    people.seed(store, clock)
    templates_registry.seed(store, settings)
    return World(settings, store, clock, faults, Postman(store, clock, faults, log), log)


def _answer_errors(app: Flask) -> None:
    def pay_refusal(error: PayRefusal) -> Response:
        return json_response({"code": error.code, "message": error.message}, error.status)

    def api_error(error: ApiError) -> Response:
        return json_response({"error": {"code": error.code, "message": error.message}}, error.status)

    app.register_error_handler(Refusal, refusal_response)
    app.register_error_handler(PayRefusal, pay_refusal)
    app.register_error_handler(ApiError, api_error)


def _guard(app: Flask) -> None:
    """Only loopback names reach the sandbox, only its own pages its API, and only the product is framed."""

    def check_caller() -> None:
        # Against pages of the outside world that resolve a name of theirs to loopback, or post here blindly.
        if urlsplit(request.host_url).hostname not in _LOOPBACK:
            abort(403)
        origin = request.headers.get("Origin")
        if request.blueprint in _OWN_API and origin is not None and urlsplit(origin).netloc != request.host:
            abort(403)

    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _policy(world().settings)
        response.headers["X-Content-Type-Options"] = "nosniff"
        # The product page in the frame learns the origin it may speak to, and no more.
        response.headers["Referrer-Policy"] = "strict-origin"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.before_request(check_caller)
    app.after_request(add_headers)


def _policy(settings: Settings) -> str:
    product = urlsplit(settings.product_url)
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        f"frame-src 'self' {product.scheme}://{product.netloc}; frame-ancestors 'self'; base-uri 'none'; "
        "form-action 'self'; font-src 'self'"
    )


def _describe_templates(app: Flask) -> None:
    def local_time(text: str | None) -> str:
        if not text:
            return ""
        return dt.datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%H:%M:%S")

    app.jinja_env.filters["local_time"] = local_time


def world_of(app: Flask) -> World:
    """The world of an application, for its server and for tests."""
    found: World = app.extensions["sandbox"]
    return found
