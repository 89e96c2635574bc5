"""The list of everybody with a role where the person may see staff."""

from sqlalchemy import ColumnElement, select

from app.access import staff_directory
from app.access.models import Staff, StaffRole
from app.access.staff_directory import Person, PlacedRole
from app.access.wording import ROLES
from app.kernel.lists.keyset import Page
from app.malls import queries as malls
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell
from mall_console.kit.listing.listing import Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Search
from mall_console.kit.workspace import Workspace

WHOLE_GROUP = "整个集团"
_ACTIVE = {"yes": "在职", "no": "已停用"}


def _read(workspace: Workspace, wanted: Wanted) -> Page[Person]:
    return staff_directory.list_people(workspace.who.scope, *wanted.where, order=wanted.order, asked=wanted.asked)


def _has_role(role: str) -> ColumnElement[bool]:
    return Staff.id.in_(select(StaffRole.staff_id).where(StaffRole.role == role))


def _in_mall(code: str) -> ColumnElement[bool]:
    """Who has a role in the mall, or one that reaches every mall."""
    mall = malls.find_mall_by_code(code)
    reaches = StaffRole.mall_id.is_(None) | (StaffRole.mall_id == (mall.id if mall else 0))
    return Staff.id.in_(select(StaffRole.staff_id).where(reaches))


def _malls(person: Person) -> str:
    """The malls that the person's roles reach, as far as one may see them."""
    return "、".join(dict.fromkeys(one.mall or WHOLE_GROUP for one in person.roles))


def place_of(one: PlacedRole) -> str:
    """Where a role holds, in words."""
    if one.store:
        return one.store
    if one.merchant:
        return f"{one.merchant}（{one.mall}）" if one.mall else one.merchant
    return one.mall or WHOLE_GROUP


def _roles(workspace: Workspace, person: Person) -> Cell:
    return cells.text("，".join(f"{ROLES[one.role.role]} {place_of(one)}" for one in person.roles))


def _state(workspace: Workspace, person: Person) -> Cell:
    return cells.tag("在职", "good") if person.staff.active else cells.tag("已停用")


STAFF: Listing[Person] = Listing(
    name="staff",
    title="员工",
    permission="staff.view",
    table=Staff,
    scope=lambda workspace: [staff_directory.is_seen(workspace.who.scope)],
    read=_read,
    columns=(
        columns.text("name", "姓名", lambda row: row.staff.name, look="main", sort="name", is_fixed=True),
        columns.text("phone", "手机号", lambda row: row.staff.phone_masked, look="num"),
        columns.mall(_malls),
        Column(key="roles", head="角色与范围", cell=_roles, look="wide"),
        Column(key="state", head="状态", cell=_state),
    ),
    filters=(
        Search("姓名", narrowing.contains(Staff.name)),
        narrowing.mall(_in_mall),
        Choice("role", "角色", ROLES, _has_role, "全部角色"),
        Choice("active", "状态", _ACTIVE, lambda code: Staff.active.is_(code == "yes"), "全部状态"),
    ),
    sorts=(
        *both_ways("added", "最近添加在前", "最早添加在前", Staff.id),
        *both_ways("name", "姓名倒序", "姓名顺序", Staff.name, Staff.id),
    ),
    link=lambda workspace, row: f"{workspace.base}/staff/{row.staff.public_id}",
    noun="位",
    icon="staff",
    nothing="还没有员工",
    hint="添加运营、财务、店长等员工后，即可用各自的账号登录。",
)
