"""Where a role can be given: the group, this mall, a merchant of it, a store of it; and which role goes where."""

from app.access.models import Role
from app.access.scopes import GROUP, Place
from app.access.wording import ROLES
from app.kernel.lists.keyset import Asked
from app.malls import directory_queries
from app.web.forms import fields, forms
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace

_LEVELS = {Role.CLERK: "store", Role.MERCHANT_MANAGER: "merchant"}
_WRONG = {"store": "店员要选一家门店", "merchant": "店长要选一家商户", "mall": "这个角色要选商场或整个集团"}

Options = list[tuple[str, list[tuple[str, str]]]]


def options(workspace: Workspace) -> Options:
    """Groups of (value, label) for a select: what the person may give roles in, from this mall."""
    merchants = directory_queries.list_merchants(workspace.mall.id, asked=Asked(1_000))
    wide = [(f"mall:{workspace.mall.code}", workspace.mall.name)]
    if workspace.who.scope.permits("staff.manage", GROUP):
        wide.insert(0, ("group", "整个集团"))
    return [
        ("运营、财务、管理、审计", wide),
        ("商户店长", [(f"merchant:{merchant.code}", merchant.name) for merchant, _ in merchants]),
        ("店员", [(f"store:{code}", label) for code, label in stores.options(workspace)]),
    ]


class RoleForm(forms.Form):
    """A role in a place."""

    role = fields.Choice("角色", ROLES)
    place = fields.Raw("任职范围", most=100, hint="店员选门店，店长选商户，其他角色选商场或集团")

    def chosen(self, workspace: Workspace) -> tuple[Role, Place]:
        """The role and where it is given; raises FieldInvalid, and Forbidden for a place outside the person's own."""
        role = Role(self.role)
        if self.place not in {value for _, group in options(workspace) for value, _ in group}:
            raise RoleForm.place.refuse("请选择一项")
        level, _, code = self.place.partition(":")
        wanted = _LEVELS.get(role, "mall")
        if level != wanted and not (wanted == "mall" and level == "group"):
            raise RoleForm.place.refuse(_WRONG[wanted])
        place = _place(workspace, level, code)
        workspace.who.scope.ensure("staff.manage", place)
        return role, place


def _place(workspace: Workspace, level: str, code: str) -> Place:
    if level == "group":
        return GROUP
    if level == "merchant":
        return Place(mall_id=workspace.mall.id, merchant_id=directory_queries.get_merchant(workspace.mall.id, code).id)
    store = stores.find(workspace, code) if level == "store" else None
    if store is None:
        return workspace.place
    return Place(mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.id)
