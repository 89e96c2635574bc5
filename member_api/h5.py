"""The H5 twin of the mini-program, served as built by set-up into `static/h5`."""

from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from app.web.pages import built

blueprint = Blueprint("h5", __name__)

BUILT = Path(__file__).parents[1] / "static" / "h5"


@blueprint.get("/")
def home() -> BaseResponse:
    """The bare address leads to the members' page."""
    return redirect("/h5/")


@blueprint.get("/h5/")
@blueprint.get("/h5/oauth")
def index() -> Response:
    """The one page of the twin; its routes live behind the `#`. WeChat's OAuth page comes back to `/h5/oauth`."""
    if not (BUILT / "index.html").is_file():
        abort(503)
    response = built.send(BUILT, "index.html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/h5")
def without_slash() -> BaseResponse:
    """Relative addresses need the slash."""
    query = request.query_string.decode()
    return redirect(f"/h5/?{query}" if query else "/h5/")


@blueprint.get("/h5/<path:name>")
def asset(name: str) -> Response:
    """A built file; names carry a digest of the content, so browsers keep them."""
    response = built.send(BUILT, name)
    if name.startswith("assets/"):
        built.keep_for_ever(response)
    return response
