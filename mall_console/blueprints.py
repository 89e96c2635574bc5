"""The console as one blueprint with a child per subject, below `/console`."""

from typing import Any

from flask import Blueprint, Flask, g

from app.web.staff import auth, portals
from mall_console.account import account
from mall_console.audit import audit_log
from mall_console.benefits import campaigns, redemptions
from mall_console.entrances import entrances
from mall_console.machines import machines
from mall_console.members import members
from mall_console.outreach import messages, touch_rules
from mall_console.overview import overview
from mall_console.parking import car_parks, parking
from mall_console.points import points
from mall_console.purchases import purchases
from mall_console.settlement import closing, contracts, statements
from mall_console.staff import staff
from mall_console.stores import stores

_IN_MALL = (
    overview, members, entrances, campaigns, messages, touch_rules, parking, car_parks, purchases, redemptions, points,
    closing, statements, contracts, stores, staff, machines, audit_log,
)  # fmt: skip


def register(app: Flask) -> None:
    """Install the console on the application."""
    console = Blueprint("console", __name__, url_prefix=portals.CONSOLE.prefix, template_folder="kit/templates")
    auth.guard(console, portals.CONSOLE)
    console.context_processor(_shown_everywhere)
    console.register_blueprint(account.blueprint)
    for subject in _IN_MALL:
        console.register_blueprint(subject.blueprint, url_prefix="/<mall_code>" + (subject.blueprint.url_prefix or ""))
    app.register_blueprint(console)


def _shown_everywhere() -> dict[str, Any]:
    """`desk` of a page in a mall, None elsewhere."""
    return {"desk": g.get("desk")}
