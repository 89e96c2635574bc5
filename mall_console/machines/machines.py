"""Tills and gates that call us: registering one, whose secret is shown once, a new secret, switching off and on."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.access.machines import machines, wording
from app.access.machines import queries as machine_queries
from app.access.machines.models import Machine
from app.kernel import clock, codes
from app.kernel.errors import DomainError
from app.malls import queries as malls
from app.malls.models import Store
from app.web.pages import pages
from mall_console.kit import filters, forms, paging, shown_once
from mall_console.kit.desk import Desk, at_desk

blueprint = Blueprint("machines", __name__, url_prefix="/machines", template_folder="templates")


class MachineKnown(DomainError):
    """A machine of the group bears this id."""

    kind = "conflict"
    code = "machine_known"


@blueprint.get("")
@at_desk("machine.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The mall's machines, the newest first."""
    mark = paging.mark()
    found = machine_queries.list_machines(
        desk.condition("machine.view", Machine.mall_id),
        *([Machine.id < mark[0]] if mark else []),
        limit=paging.ROWS + 1,
    )
    return paging.render_list("machines", rows=paging.cut(found, lambda row: [row[0].id]), kinds=wording.KINDS)


@blueprint.get("/new")
@at_desk("machine.manage")
def new_page(desk: Desk) -> ResponseReturnValue:
    """The form for a new machine."""
    return render_template("console/machine_new.html", kinds=wording.KINDS, stores=filters.store_options(desk))


@blueprint.post("")
@at_desk("machine.manage")
def register(desk: Desk) -> ResponseReturnValue:
    """Make a machine known; the answer shows its secret, the only time."""
    kind, name = forms.choice("kind", "类型", wording.KINDS), forms.text("name", "名称", most=40)
    client_id, store = forms.identifier("client_id", "设备编号", most=40, least=3), _store(desk)

    def act() -> str:
        if machines.find_machine(client_id) is not None:
            raise MachineKnown
        _give_secret(desk, client_id, kind=kind, name=name, store=store, action="machine.register")
        return f"{desk.base}/machines"

    typed = {"kind": kind, "name": name, "client_id": client_id, "store": store.code if store else None}
    return _shown_once(desk, client_id, pages.submit(desk.who, typed, act))


@blueprint.post("/<client_id>/secret")
@at_desk("machine.manage")
def new_secret(desk: Desk, client_id: str) -> ResponseReturnValue:
    """Give a machine another secret; the old one ends at once."""

    def act() -> str:
        machine = _get(desk, client_id)
        store = malls.get_store(machine.store_id) if machine.store_id else None
        _give_secret(desk, client_id, kind=machine.kind, name=machine.name, store=store, action="machine.new_secret")
        return f"{desk.base}/machines"

    return _shown_once(desk, client_id, pages.submit(desk.who, {"machine": client_id}, act))


@blueprint.post("/<client_id>/off")
@at_desk("machine.manage")
def switch_off(desk: Desk, client_id: str) -> ResponseReturnValue:
    """Refuse the machine from now on."""

    def act() -> str:
        machine = _get(desk, client_id)
        machines.switch_off(machine)
        desk.record("machine.switch_off", f"machine:{machine.id}", now=clock.now())
        pages.say(f"已停用「{machine.name}」，它的请求会被拒绝")
        return f"{desk.base}/machines"

    return pages.submit(desk.who, {"machine": client_id}, act)


@blueprint.post("/<client_id>/on")
@at_desk("machine.manage")
def switch_on(desk: Desk, client_id: str) -> ResponseReturnValue:
    """Take the machine's requests again."""

    def act() -> str:
        machine = _get(desk, client_id)
        machines.switch_on(machine)
        desk.record("machine.switch_on", f"machine:{machine.id}", now=clock.now())
        pages.say(f"已恢复「{machine.name}」")
        return f"{desk.base}/machines"

    return pages.submit(desk.who, {"machine": client_id}, act)


def _give_secret(desk: Desk, client_id: str, *, kind: str, name: str, store: Store | None, action: str) -> None:
    now, secret = clock.now(), codes.new_token()
    machine = machines.register(
        client_id, kind=kind, name=name, secret=secret, mall_id=desk.mall.id, now=now,
        merchant_id=store.merchant_id if store else None, store_id=store.id if store else None,
    )  # fmt: skip
    facts = {"client_id": client_id, "kind": kind, "name": name}
    desk.record(action, f"machine:{machine.id}", now=now, facts=facts, store_id=machine.store_id)
    shown_once.keep(secret)


def _shown_once(desk: Desk, client_id: str, done: ResponseReturnValue) -> ResponseReturnValue:
    return shown_once.page(
        done, stored=lambda: machines.secret_of(_get(desk, client_id)), title="设备密钥", over="设备",
        back=f"{desk.base}/machines", label="设备编号", code=client_id, again="在列表里", use="",
    )  # fmt: skip


def _get(desk: Desk, client_id: str) -> Machine:
    return machine_queries.get_machine(client_id, visible=desk.condition("machine.manage", Machine.mall_id))


def _store(desk: Desk) -> Store | None:
    """The chosen store of this mall, if one was chosen; raises FieldInvalid."""
    code = request.form.get("store", "")
    store = malls.find_store_by_code(code) if code else None
    if code and (store is None or store.mall_id != desk.mall.id):
        raise forms.FieldInvalid(label="所属门店", problem="请选择本商场的门店")
    return store
