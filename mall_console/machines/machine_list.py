"""The list of the mall's machines, with what is done to one or several of them."""

from typing import NamedTuple

from app.access.machines import queries as machine_queries
from app.access.machines import wording
from app.access.machines.models import Machine
from app.kernel.lists.keyset import Page
from mall_console.kit.listing import cells, columns, narrowing
from mall_console.kit.listing.cells import Cell, RowAct
from mall_console.kit.listing.listing import Act, Column, Listing, Wanted, both_ways
from mall_console.kit.listing.narrowing import Choice, Search
from mall_console.kit.workspace import Workspace

_ACTIVE = {"yes": "使用中", "no": "已停用"}


class Registered(NamedTuple):
    """A machine with the name of its store (None: it reports for the whole mall)."""

    machine: Machine
    store: str | None


def _read(workspace: Workspace, wanted: Wanted) -> Page[Registered]:
    page = machine_queries.list_machines(*wanted.where, order=wanted.order, asked=wanted.asked)
    return page.with_items([Registered(*row) for row in page])


def _state(workspace: Workspace, row: Registered) -> Cell:
    return cells.tag("使用中", "good") if row.machine.active else cells.tag("已停用")


def _acts(workspace: Workspace, row: Registered) -> Cell:
    address = f"{workspace.base}/machines/{row.machine.client_id}"
    name = row.machine.name
    secret = RowAct(
        f"{address}/secret",
        "更换密钥",
        question=f"更换「{name}」的密钥？",
        meaning="旧密钥立即失效，设备换用新密钥之前的请求都会被拒绝。新密钥只显示一次。",
    )
    off = RowAct(
        f"{address}/off",
        "停用",
        "danger",
        question=f"停用「{name}」？",
        meaning="该设备的请求将立即被拒绝，不再接收小票和车辆进出。可随时恢复。",
    )
    return Cell(text="", acts=(secret, off if row.machine.active else RowAct(f"{address}/on", "恢复")))


MACHINES: Listing[Registered] = Listing(
    name="machines",
    title="设备",
    permission="machine.view",
    table=Machine,
    scope=lambda workspace: [workspace.condition("machine.view", Machine.mall_id)],
    read=_read,
    columns=(
        columns.text("name", "设备", lambda row: row.machine.name, look="main", sort="name", is_fixed=True),
        columns.text("client", "编号", lambda row: row.machine.client_id, look="mono"),
        columns.text("kind", "类型", lambda row: wording.KINDS[row.machine.kind]),
        columns.text("place", "范围", lambda row: row.store or "全商场"),
        Column(key="state", head="状态", cell=_state),
        Column(
            key="acts",
            head="操作",
            cell=_acts,
            look="right wide",
            show_head=False,
            permission="machine.manage",
            is_act=True,
        ),
    ),
    filters=(
        Search("设备名称或编号", narrowing.contains(Machine.name, Machine.client_id), is_open=True),
        Choice("kind", "类型", wording.KINDS, lambda kind: Machine.kind == kind, "全部类型"),
        Choice("active", "状态", _ACTIVE, lambda code: Machine.active.is_(code == "yes"), "全部状态"),
    ),
    sorts=(
        *both_ways("added", "最近登记在前", "最早登记在前", Machine.id),
        *both_ways("name", "名称倒序", "名称顺序", Machine.name, Machine.id),
    ),
    key=lambda row: row.machine.client_id,
    acts=(
        Act("停用", "/machines/off", "machine.manage", "停用选中的设备？", "所选设备的请求将立即被拒绝。可随时恢复。"),
        Act("恢复", "/machines/on", "machine.manage", "恢复选中的设备？", "所选设备的请求将重新被接受。"),
    ),
    noun="台",
    icon="machine",
    nothing="还没有设备",
    hint="登记收银系统和道闸，把设备编号与密钥交给对方配置，签名通过的请求才会被接受。",
)
