"""Personal data on pages: what is shown of it to whom."""

from app.identity.models import IdentityKind, MemberIdentity
from app.identity.wording import IDENTITIES as IDENTITIES
from mall_console.kit.workspace import Workspace


def plate(workspace: Workspace, value: str) -> str:
    """In full for who may contact members, else with its middle hidden."""
    return value if workspace.can("member.contact") else f"{value[:2]}***{value[-2:]}"


def identity(workspace: Workspace, found: MemberIdentity) -> str:
    """An identity as a page shows it; a phone is kept as an index, so all it says is that there is one."""
    if found.kind == IdentityKind.PHONE.value:
        return "已验证"
    if found.kind == IdentityKind.PLATE.value:
        return plate(workspace, found.value)
    if found.kind == IdentityKind.CARD_NO.value:
        return found.value
    return f"{found.value[:4]}…{found.value[-4:]}"
