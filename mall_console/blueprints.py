"""The console as one blueprint below `/console`, with the blueprints and the menu entries of every subject."""

from typing import Any

from flask import Blueprint, Flask, g, request

from app.kernel import discovery
from app.web.staff import auth, portals
from mall_console.account import account
from mall_console.kit.menu import Menu
from mall_console.kit.workspace import find_around


def register(app: Flask) -> None:
    """Install the console on the application."""
    subjects = list(discovery.modules_named("subject", below=__package__))
    console = Blueprint("console", __name__, url_prefix=portals.CONSOLE.prefix, template_folder="kit/templates")
    auth.guard(console, portals.CONSOLE)
    menu = Menu.of(entry for subject in subjects for entry in subject.MENU)
    app.context_processor(lambda: _shown_everywhere(menu) if portals.find_current() is portals.CONSOLE else {})
    console.register_blueprint(account.blueprint)
    for blueprint in (blueprint for subject in subjects for blueprint in subject.BLUEPRINTS):
        console.register_blueprint(blueprint, url_prefix="/<mall_code>" + (blueprint.url_prefix or ""))
    app.register_blueprint(console)


def _shown_everywhere(menu: Menu) -> dict[str, Any]:
    """`workspace` of a page in a mall, None elsewhere; `stood_in()` for errors; `menu` with all entries."""
    return {"workspace": g.get("workspace"), "stood_in": lambda: find_around(request.path), "menu": menu}
