"""Members as a mall knows them: who joined, and finding some by phone, card, plate or name, or a phone's last digits.

A member belongs to the group; a mall sees those whose home it is and those who have been there. Every look-up stands in
the audit log.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.identity import member_search, queries
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import atomic
from app.web.forms import fields, forms
from app.web.pages import searches
from mall_console.kit import lookups
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import found, seen
from mall_console.members.member_list import MEMBERS

blueprint = Blueprint("members", __name__, url_prefix="/members", template_folder="templates")

_MOST_READ = 500  # who joined before so many others of that name has to be found by something else
_TAIL = re.compile(r"[0-9]{4}")


class SearchForm(forms.Form):
    """Members, by what they are known by."""

    who = fields.Text(
        "手机号、卡号、车牌或姓名",
        most=40,
        placeholder="手机号或后四位、会员卡号、车牌、姓名",
        autocomplete="off",
        spellcheck="false",
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The members that a text was taken for, and by what."""

    by: str
    members: Sequence[Member]


@blueprint.get("")
@mall_required("member.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Members who joined in this mall, the latest first, and the search."""
    return views.page(MEMBERS, workspace, "members", form=SearchForm)


@blueprint.post("/search")
@mall_required("member.view")
def search(workspace: Workspace) -> ResponseReturnValue:
    """Find members; sent by POST, so that no phone and no name stands in any address; raises FieldInvalid."""
    typed, now = SearchForm.read().who, clock.now()
    done = _find(workspace, typed)
    one = done.members[0] if len(done.members) == 1 else None
    with atomic():
        lookups.count(workspace, now=now)
        facts = {"by": done.by} | ({"found": len(done.members)} if len(done.members) > 1 else {})
        workspace.record("member.search", f"member:{one.id}" if one else "member:none", now=now, facts=facts)
    if not done.members:
        raise SearchForm.who.refuse("未找到该会员，请核对后再试")
    if one is not None:
        return redirect(f"{workspace.base}/members/{one.public_id}", 303)
    return redirect(f"{workspace.base}/members/found?q={searches.seal(typed, now=now)}", 303)


@blueprint.get("/found")
@mall_required("member.view")
def found_page(workspace: Workspace) -> ResponseReturnValue:
    """Members who share what was typed, masked; to choose from."""
    typed = searches.unseal(request.args.get("q", ""), now=clock.now())
    done = _find(workspace, typed) if typed else Found("", [])
    return render_template(
        "console/members_found.html",
        form=SearchForm,
        by=done.by,
        rows=found.describe(workspace, done.members[: found.MOST]),
        is_cut=len(done.members) > found.MOST,
    )


def _find(workspace: Workspace, typed: str) -> Found:
    """By the whole of a phone, card or plate first; else by the last digits of a phone, or by a name."""
    whose = member_search.find(typed)
    if whose.member_id is not None:
        member = queries.get_member(whose.member_id)
        return Found(whose.kind.value, [member] if seen.is_visible(workspace, member) else [])
    if _TAIL.fullmatch(typed):
        return Found("phone_tail", seen.among(workspace, member_search.list_by_phone_tail(typed, most=_MOST_READ)))
    named = seen.among(workspace, member_search.list_by_name(typed, most=_MOST_READ))
    return Found("name" if named else whose.kind.value, named)
