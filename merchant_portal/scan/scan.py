"""The scan page: an empty shell for the client script in static/src/scan.js, which lives on the portal's JSON."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.staff_queries import SignedIn, Stand
from app.web.staff.auth import store_required

blueprint = Blueprint("scan", __name__, template_folder="templates")


@blueprint.get("")
@store_required("redemption.create")
def page(who: SignedIn, stand: Stand) -> ResponseReturnValue:
    """Where the portal opens: ready to scan."""
    return render_template("portal/scan.html", stand=stand)
