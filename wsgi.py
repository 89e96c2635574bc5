"""The factory of the web application: the only place that knows all parts."""

import logging

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import open_api
from app.access import passwords
from app.kernel import clock, discovery
from app.kernel.db import end_reading
from app.kernel.request_slots import RequestSlots
from app.kernel.runs import logs
from app.kernel.security import crypto
from app.kernel.settings import Settings
from app.providers.gate import GateClient
from app.providers.sms import SmsProvider
from app.verification.tallies import Tallies
from app.web import errors, health, request_checks, security
from app.web.front import compression
from app.web.pages import pages
from app.web.request_bodies import WholeBodies
from app.web.request_slots import InRequestSlots
from app.wechat.gateway import Gateway
from cli import (
    identity_commands,
    key_commands,
    lifecycle_commands,
    mall_commands,
    member_commands,
    points_commands,
    prediction_commands,
    schema,
    staff_commands,
)
from cli.complete_journey import commands as complete_journey_commands
from cli.demo import commands as demo_commands
from cli.imports import commands as import_commands
from cli.twin import commands as twin_commands
from jobs import commands as job_commands
from mall_console import blueprints as mall_console
from member_api import api, h5
from merchant_portal import blueprints as merchant_portal

MAX_REQUEST_BYTES = 2 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from settings; raises SettingsError.

    Without settings it is its process's own: those of the environment hold, and what goes wrong is logged as JSON.
    """
    if settings is None:
        settings = Settings.from_environment()
        logs.configure(logging.WARNING)
    clock.set_offset(settings.clock_offset_seconds)
    crypto.configure(settings)
    passwords.configure(settings)
    _know_all_tables()
    flask_app = Flask(__name__, static_folder=None)  # app.web.pages.built sends files
    flask_app.extensions["huitou"] = settings
    flask_app.extensions["huitou.tallies"] = Tallies()
    flask_app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    compression.register(flask_app)
    _wrap(flask_app, settings)
    schema.connect(flask_app, settings)
    _connect_platforms(flask_app, settings)
    security.register(flask_app, settings)
    request_checks.register(flask_app)
    pages.register(flask_app, settings)
    api.register(flask_app)
    errors.register(flask_app, error_page=pages.error_page)
    flask_app.register_blueprint(health.blueprint)
    open_api.register(flask_app)
    flask_app.register_blueprint(h5.blueprint)
    merchant_portal.register(flask_app)
    mall_console.register(flask_app)
    demo_commands.register(flask_app)
    staff_commands.register(flask_app)
    mall_commands.register(flask_app)
    member_commands.register(flask_app)
    lifecycle_commands.register(flask_app)
    identity_commands.register(flask_app)
    key_commands.register(flask_app)
    job_commands.register(flask_app)
    import_commands.register(flask_app)
    complete_journey_commands.register(flask_app)
    prediction_commands.register(flask_app)
    points_commands.register(flask_app)
    twin_commands.register(flask_app)
    return flask_app


def _know_all_tables() -> None:
    """Every table must be known before the first query."""
    for _ in discovery.modules_named("models", below="app"):
        pass


def _wrap(flask_app: Flask, settings: Settings) -> None:
    """What a request passes before Flask sees it: its body is read, a slot to work in, the proxies' headers."""
    sizes = settings.sizes
    slots = RequestSlots(working=sizes.working_requests, waiting=sizes.waiting_requests, before_waiting=end_reading)
    behind_proxies = ProxyFix(flask_app.wsgi_app, *[settings.proxy_hops] * 3)
    in_slots = InRequestSlots(behind_proxies, slots)
    flask_app.wsgi_app = WholeBodies(in_slots, MAX_REQUEST_BYTES)  # type: ignore[method-assign]


def _connect_platforms(flask_app: Flask, settings: Settings) -> None:
    """Put the gateways where edges and jobs find them; nobody is called yet."""
    flask_app.extensions["huitou.gateway"] = Gateway.from_settings(settings)
    flask_app.extensions["huitou.sms"] = SmsProvider.from_settings(settings.sms)
    flask_app.extensions["huitou.gate"] = GateClient.from_timeout(settings.gate_timeout_seconds)
