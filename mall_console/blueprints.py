"""The console as one blueprint with a child per subject, below `/console`."""

from typing import Any

from flask import Blueprint, Flask, g

from app.web import faces, staff_auth
from mall_console import (
    account,
    audit_log,
    campaigns,
    car_parks,
    closing,
    contracts,
    entrances,
    machines,
    members,
    messages,
    overview,
    parking,
    points,
    purchases,
    redemptions,
    staff,
    statements,
    stores,
    touch_rules,
)

_IN_MALL = (
    overview, members, entrances, campaigns, messages, touch_rules, parking, car_parks, purchases, redemptions, points,
    closing, statements, contracts, stores, staff, machines, audit_log,
)  # fmt: skip


def register(app: Flask) -> None:
    """Install the console on the application."""
    console = Blueprint("console", __name__, url_prefix=faces.CONSOLE.prefix, template_folder="templates")
    staff_auth.guard(console, faces.CONSOLE)
    console.context_processor(_shown_everywhere)
    console.register_blueprint(account.blueprint)
    for subject in _IN_MALL:
        console.register_blueprint(subject.blueprint, url_prefix="/<mall_code>" + (subject.blueprint.url_prefix or ""))
    app.register_blueprint(console)


def _shown_everywhere() -> dict[str, Any]:
    """`desk` of a page in a mall, None elsewhere."""
    return {"desk": g.get("desk")}
