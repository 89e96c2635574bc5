"""Members as a mall knows them: who joined, and one found by phone, card or plate.

A member belongs to the group; a mall sees those whose home it is and those who have been there. Every look-up stands in
the audit log.
"""

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue

from app.identity import member_search, queries
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.web.forms import fields, forms
from mall_console.kit import lookups
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.members import seen
from mall_console.members.member_list import MEMBERS

blueprint = Blueprint("members", __name__, url_prefix="/members", template_folder="templates")


class NobodyFound(DomainError):
    """No member whom the person may see has this phone, card or plate."""

    code = "nobody_found"


class SearchForm(forms.Form):
    """One member, by what they are known by."""

    who = fields.Text(
        "手机号、卡号或车牌", most=40, placeholder="完整手机号、会员卡号或车牌", autocomplete="off", spellcheck="false"
    )


@blueprint.get("")
@mall_required("member.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Members who joined in this mall, the latest first, and the search."""
    return views.page(MEMBERS, workspace, "members", form=SearchForm)


@blueprint.post("/search")
@mall_required("member.view")
def search(workspace: Workspace) -> ResponseReturnValue:
    """Find one member by phone, card number or plate; sent by POST, so that no phone stands in any address."""
    found = member_search.find(SearchForm.read().who)
    visible = found.member_id is not None and seen.is_visible(workspace, queries.get_member(found.member_id))
    now = clock.now()
    with atomic():
        lookups.count(workspace, now=now)
        subject = f"member:{found.member_id}" if visible else "member:none"
        workspace.record("member.search", subject, now=now, facts={"by": found.kind.value})
    if not visible or found.member_id is None:
        raise NobodyFound
    return redirect(f"{workspace.base}/members/{queries.get_member(found.member_id).public_id}", 303)
