"""The portal as one blueprint with a child per resource, below `/portal`."""

from flask import Blueprint, Flask

from app.web.staff import auth, portals
from merchant_portal.account import account, recovery
from merchant_portal.clerks import clerks
from merchant_portal.history import history
from merchant_portal.points import api as points_api
from merchant_portal.scan import api, scan
from merchant_portal.statements import statements


def register(app: Flask) -> None:
    """Install the portal on the application."""
    portal = Blueprint("portal", __name__, url_prefix=portals.PORTAL.prefix, template_folder="kit/templates")
    auth.guard(portal, portals.PORTAL)
    for resource in (account, recovery, scan, api, points_api, history, statements, clerks):
        portal.register_blueprint(resource.blueprint)
    # For the portal's frame, which its error pages have too, also those of addresses that belong to no blueprint.
    portal.app_context_processor(lambda: {"may_change_store": account.may_change_store})
    app.register_blueprint(portal)
