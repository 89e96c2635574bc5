"""The portal as one blueprint with a child per resource, below `/portal`."""

from flask import Blueprint, Flask

from app.web import faces, staff_auth
from merchant_portal import account, api, clerks, history, scan, statements


def register(app: Flask) -> None:
    """Install the portal on the application."""
    portal = Blueprint("portal", __name__, url_prefix=faces.PORTAL.prefix, template_folder="templates")
    staff_auth.guard(portal, faces.PORTAL)
    for resource in (account, scan, api, history, statements, clerks):
        portal.register_blueprint(resource.blueprint)
    # For the portal's frame, which its error pages have too, also those of addresses that belong to no blueprint.
    portal.app_context_processor(lambda: {"may_change_store": account.may_change_store})
    app.register_blueprint(portal)
