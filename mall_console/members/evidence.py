"""Members as cases point at them."""

from collections.abc import Collection

from app.identity import queries
from app.identity.models import Member
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace
from mall_console.members import seen


def _members(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    return {which: show_member(workspace, queries.get_member(int(which))) for which in ids}


def show_member(workspace: Workspace, member: Member) -> Shown:
    """A member by the masked phone, with the way to their page for who may open it."""
    may_open = workspace.can("member.view") and seen.is_visible(workspace, member)
    name = member.phone_masked or "无手机号"
    return Shown(name, f"/members/{member.public_id}" if may_open else None)


EVIDENCE = {"member": _members}
