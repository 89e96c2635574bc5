"""Tills and gates that call us: registering one, whose secret is shown once, a new secret, switching off and on."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.machines import machines, wording
from app.access.machines import queries as machine_queries
from app.access.machines.models import Machine
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.security import codes
from app.malls.models import Store
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit import shown_once, stores
from mall_console.kit.listing import batch, views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.machines.machine_list import MACHINES

blueprint = Blueprint("machines", __name__, url_prefix="/machines", template_folder="templates")


# What stands for no store in particular; no code of a store has a star.
WHOLE_MALL = "*"


class NewMachine(forms.Form):
    """A machine that will call us."""

    kind = fields.Choice("类型", wording.KINDS)
    name = fields.Text("名称", most=40, placeholder="例如 4 楼收银系统")
    client_id = fields.Identifier(
        "设备编号", most=40, least=3, hint="对方在请求里报的编号，字母、数字和 . _ -，以字母或数字开头"
    )
    place = fields.Raw("范围", most=30, hint="只收所属门店的数据；整个商场共用一套系统的选全商场")


@blueprint.get("")
@mall_required("machine.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's machines, the newest first."""
    return views.page(MACHINES, workspace, "machines")


@blueprint.get("/new")
@mall_required("machine.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new machine."""
    return render_template("console/machine_new.html", form=NewMachine, places=_places(workspace))


@blueprint.post("")
@mall_required("machine.manage")
def register(workspace: Workspace) -> ResponseReturnValue:
    """Make a machine known; the answer shows its secret, the only time."""
    form = NewMachine.read()
    store = None if form.place == WHOLE_MALL else stores.get_chosen(workspace, NewMachine.place, form.place)

    def act() -> str:
        now, secret = clock.now(), codes.new_token()
        machine = machines.add(
            form.client_id, kind=form.kind, name=form.name, secret=secret, now=now, place=_place(workspace, store)
        )
        _keep(workspace, "machine.register", machine, secret, now=now)
        return f"{workspace.base}/machines"

    return _shown_once(workspace, form.client_id, pages.submit(workspace.who, form.typed(), act))


@blueprint.post("/<client_id>/secret")
@mall_required("machine.manage")
def new_secret(workspace: Workspace, client_id: str) -> ResponseReturnValue:
    """Give a machine another secret; the old one ends at once."""

    def act() -> str:
        now, secret = clock.now(), codes.new_token()
        machine = _get(workspace, client_id)
        machines.renew_secret(machine, secret)
        _keep(workspace, "machine.new_secret", machine, secret, now=now)
        return f"{workspace.base}/machines"

    return _shown_once(workspace, client_id, pages.submit(workspace.who, {"machine": client_id}, act))


@blueprint.post("/<client_id>/off")
@mall_required("machine.manage")
def switch_off(workspace: Workspace, client_id: str) -> ResponseReturnValue:
    """Refuse the machine from now on."""
    said = "已停用「{}」，该设备的请求将被拒绝"
    return _switch(workspace, client_id, "machine.switch_off", machines.switch_off, said=said)


@blueprint.post("/<client_id>/on")
@mall_required("machine.manage")
def switch_on(workspace: Workspace, client_id: str) -> ResponseReturnValue:
    """Take the machine's requests again."""
    return _switch(workspace, client_id, "machine.switch_on", machines.switch_on, said="已恢复「{}」")


@blueprint.post("/off")
@mall_required("machine.manage")
def switch_several_off(workspace: Workspace) -> ResponseReturnValue:
    """Refuse the ticked machines from now on."""
    return _switch_several(workspace, "machine.switch_off", machines.switch_off, said="已停用 {} 台设备")


@blueprint.post("/on")
@mall_required("machine.manage")
def switch_several_on(workspace: Workspace) -> ResponseReturnValue:
    """Take the ticked machines' requests again."""
    return _switch_several(workspace, "machine.switch_on", machines.switch_on, said="已恢复 {} 台设备")


def _switch_several(
    workspace: Workspace, action: str, change: Callable[[Machine], bool], *, said: str
) -> ResponseReturnValue:
    client_ids = batch.ticked()

    def act() -> str:
        now = clock.now()
        for client_id in client_ids:
            machine = _get(workspace, client_id)
            if change(machine):
                workspace.record(action, f"machine:{machine.id}", now=now)
        pages.say(said.format(len(client_ids)))
        return f"{workspace.base}/machines"

    return pages.submit(workspace.who, {"machines": client_ids}, act)


def _switch(
    workspace: Workspace, client_id: str, action: str, change: Callable[[Machine], bool], *, said: str
) -> ResponseReturnValue:
    def act() -> str:
        machine = _get(workspace, client_id)
        if change(machine):
            workspace.record(action, f"machine:{machine.id}", now=clock.now())
        pages.say(said.format(machine.name))
        return f"{workspace.base}/machines"

    return pages.submit(workspace.who, {"machine": client_id}, act)


def _places(workspace: Workspace) -> list[tuple[str, str]]:
    """Where a machine may report, as a select's options."""
    return [(WHOLE_MALL, "全商场"), *stores.options(workspace)]


def _place(workspace: Workspace, store: Store | None) -> Place:
    """Where a machine may report: a store, or all of the mall."""
    return Place(
        mall_id=workspace.mall.id,
        merchant_id=store.merchant_id if store else None,
        store_id=store.id if store else None,
    )


def _keep(workspace: Workspace, action: str, machine: Machine, secret: str, *, now: datetime) -> None:
    """Write down that a machine has a new secret, and keep it for the page that answers."""
    facts = {"client_id": machine.client_id, "kind": machine.kind, "name": machine.name}
    workspace.record(action, f"machine:{machine.id}", now=now, facts=facts, store_id=machine.store_id)
    shown_once.keep(secret)


def _shown_once(workspace: Workspace, client_id: str, done: ResponseReturnValue) -> ResponseReturnValue:
    return shown_once.page(
        done,
        stored=lambda: machines.secret_of(_get(workspace, client_id)),
        title="设备密钥",
        over="设备",
        back=f"{workspace.base}/machines",
        label="设备编号",
        code=client_id,
        again="在设备列表中",
        use="",
    )


def _get(workspace: Workspace, client_id: str) -> Machine:
    return machine_queries.get_machine(client_id, visible=workspace.condition("machine.manage", Machine.mall_id))
