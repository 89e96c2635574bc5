"""Pictures by digest: `/pictures/<digest>/<width>`. What stands at an address never changes, so it is kept for ever."""

from flask import Blueprint, Response

from app.pictures import queries

blueprint = Blueprint("pictures", __name__)


@blueprint.get("/pictures/<digest>/<int:width>")
def picture(digest: str, width: int) -> Response:
    """A picture at one of its widths, for everybody."""
    found = queries.get_image(digest, width)
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    # Opened by itself it is a picture and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def address(digest: str, width: int) -> str:
    """Where a picture is served."""
    return f"/pictures/{digest}/{width}"
