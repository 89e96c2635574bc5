"""Searching a list for what must not stand in an address: what was typed is posted, and leads to the list's address."""

import re

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.kernel.errors import NotFound
from mall_console.kit.listing import known
from mall_console.kit.listing.state import State
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("list_searches", __name__, url_prefix="/list-searches")

_PATH = re.compile(r"(/[A-Za-z0-9._-]+)+")


@blueprint.post("")
@mall_required("console.enter")
def search(workspace: Workspace) -> ResponseReturnValue:
    """Go to the list, narrowed as its form says."""
    listing, path = known.find(request.form.get("list", "")), request.form.get("at", "")
    if listing is None or not path.startswith(f"{workspace.base}/") or not _PATH.fullmatch(path):
        raise NotFound(list=request.form.get("list", ""))
    workspace.ensure(listing.permission)
    typed = MultiDict(request.form)
    for one in listing.searches:
        typed[one.name] = one.sealed(typed.get(one.name, ""))
    return redirect(State.read(workspace, path, listing, typed).address(), 303)
