"""Settings that hold in every mall of the group."""

from collections.abc import Collection

from app.access.scopes import Place
from app.kernel.errors import DomainError
from app.malls import queries as malls
from mall_console.kit.workspace import Workspace


def may(workspace: Workspace, permission: str) -> bool:
    """Whether the person may do this in every mall there is."""
    scope = workspace.who.scope
    return all(scope.permits(permission, Place(mall_id=mall.id)) for mall in malls.list_malls())


def ensure(workspace: Workspace, permission: str, refused: DomainError) -> None:
    """Raises what refuses who may not do this in every mall."""
    if not may(workspace, permission):
        raise refused


def name_all(numbers: Collection[str]) -> dict[str, str]:
    """What the audit log calls versions of such a setting."""
    return dict.fromkeys(numbers, "全集团")
