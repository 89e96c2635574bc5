"""The look-up from anywhere: what was typed or scanned leads straight to the one thing, or to a list of several.

It is sent by POST, so that no phone and no code stands in an address or a log. Every thing that was found stands in
the audit log, and so does a look-up that found nothing.
"""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock, discovery
from app.kernel.db import atomic
from app.web.forms import fields, forms
from mall_console.kit import lookups
from mall_console.kit.lookups import Finder, Hit
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("lookup", __name__, url_prefix="/lookup", template_folder="templates")

PERMISSION = "console.enter"
MOST_TYPED = 200  # a member code with what a gun puts around it
FINDERS: tuple[Finder, ...] = discovery.listed("LOOKUPS", named="lookups", below=["mall_console"])

Found = Sequence[tuple[Finder, Hit]]


class LookupForm(forms.Form):
    """Whatever somebody has of a thing."""

    what = fields.Text("查找", most=MOST_TYPED, autocomplete="off", spellcheck="false", enterkeyhint="search")


@blueprint.get("")
@mall_required(PERMISSION)
def page(workspace: Workspace) -> ResponseReturnValue:
    """The field alone, with what can be found by what."""
    return _render(workspace)


@blueprint.post("")
@mall_required(PERMISSION)
def look_up(workspace: Workspace) -> ResponseReturnValue:
    """Go to the one thing that was meant, or show which there are."""
    typed = LookupForm.read().what
    now = clock.now()
    with atomic():
        lookups.count(workspace, now=now)
        found = _find(workspace, typed)
        for finder, hit in found:
            workspace.record("lookup.search", hit.subject, now=now, facts={"by": finder.code})
        if not found:
            workspace.record("lookup.search", "lookup:none", now=now)
    if len(found) == 1:
        [(_, hit)] = found
        return redirect(_address(workspace, hit), 303)
    return _render(workspace, typed=typed, found=found)


def _find(workspace: Workspace, typed: str) -> Found:
    return [
        (finder, hit)
        for finder in open_to(workspace)
        for hit in finder.find(lookups.reach(workspace, finder.permission), typed)
    ]


def open_to(workspace: Workspace) -> list[Finder]:
    """What the person may look for, in any of their malls."""
    return [finder for finder in FINDERS if lookups.reach(workspace, finder.permission).malls]


def _address(workspace: Workspace, hit: Hit) -> str:
    base = workspace.base.removesuffix(workspace.mall.code)
    return f"{base}{hit.mall.code}{hit.path}"


def _render(workspace: Workspace, *, typed: str = "", found: Found | None = None) -> ResponseReturnValue:
    return render_template(
        "console/lookup.html",
        form=LookupForm,
        typed=typed,
        found=None if found is None else [(finder, hit, _address(workspace, hit)) for finder, hit in found],
        finders=open_to(workspace),
    )
