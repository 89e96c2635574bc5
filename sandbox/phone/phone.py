"""The sandbox phone's page."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, render_template, request, send_from_directory

from sandbox.kit import qr
from sandbox.kit.world import world

blueprint = Blueprint("phone", __name__)


@blueprint.get("/phone")
def page() -> str:
    """The page; everything on it comes from the JSON API."""
    product = urlsplit(world().settings.product_url)
    return render_template("phone.html", here=world(), product_origin=f"{product.scheme}://{product.netloc}")


@blueprint.get("/wecom/qr/<config_id>.png")
def way_picture(config_id: str) -> Response:
    """A contact way's QR code, as the `qr_code` address of the API gives it."""
    image = qr.picture(f"{request.host_url.rstrip('/')}/wecom/contact/{config_id}", 430, format_="PNG")
    return Response(image, content_type="image/png")


@blueprint.get("/wecom/contact/<config_id>")
def contact_page(config_id: str) -> str:
    """Where a contact way's code leads in an ordinary camera: to the phone, which adds the contact."""
    return render_template("contact.html", config_id=config_id)


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """The tab's picture."""
    return send_from_directory("static", "icon.svg", mimetype="image/svg+xml")
