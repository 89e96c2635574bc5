"""What people do to receipts that wait: name their store, set them aside."""

from collections.abc import Callable, Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import receipt_queries
from app.purchases.aliases import aliases
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import WaitsNoLonger
from app.purchases.waiting.models import WaitingReceipt, Why
from app.purchases.wording import DISMISSALS, source_text
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases.queues.acts import PERMISSION, ActForm, Kind, Row, get_reason, ids, several

blueprint = Blueprint("waiting_acts", __name__, url_prefix="/purchases")


@blueprint.post("/waiting/<act>")
@mall_required(PERMISSION)
def held(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Something that is done to receipts that wait."""
    return several(workspace, _KINDS, act)


def _find_waiting(workspace: Workspace, keys: Sequence[str]) -> list[Row]:
    visible = workspace.condition(PERMISSION, WaitingReceipt.mall_id)
    found = receipt_queries.find_waiting(ids(keys), visible)
    return [Row(str(one.id), one.receipt_no, _place(one), one.amount_fen) for one in found]


def _place(row: WaitingReceipt) -> str:
    return malls.get_store(row.store_id).name if row.store_id else f"{source_text(row.source)} 的门店 {row.store_code}"


def _name_store(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    store = stores.get_chosen(workspace, ActForm.store, form.store or "")

    def act(key: str) -> None:
        row = _lock(key)
        if row.why != Why.STORE:
            raise WaitsNoLonger
        _remember(workspace, row, store)

    return act


def _remember(workspace: Workspace, row: WaitingReceipt, store: Store) -> None:
    now = clock.now()
    aliases.remember(store, row.source, row.store_code, by=workspace.who.actor.name, now=now)
    waiting.clear_obstacles(row.mall_id, row.source, row.store_code)
    facts = {"source": row.source, "code": row.store_code}
    workspace.record("purchase.name_store", f"store:{store.id}", now=now, facts=facts, store_id=store.id)


def _lock(key: str) -> WaitingReceipt:
    row = waiting.lock(int(key))
    if row is None or row.dismissed_at is not None:
        raise WaitsNoLonger
    return row


def _set_aside(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    reason = get_reason(form)

    def act(key: str) -> None:
        now, row = clock.now(), _lock(key)
        waiting.dismiss(row, by=workspace.who.actor.name, reason=reason, now=now)
        workspace.record("purchase.dismiss", f"receipt:{row.receipt_no}", now=now, facts={"reason": reason})

    return act


_KINDS = {
    "store": Kind(
        "指定门店",
        "系统会记住这个编号对应的门店。同一编号的小票会在一分钟内自动登记，以后上传的也会自动识别。",
        "已指定门店",
        "/purchases/waiting",
        _find_waiting,
        _name_store,
        asks="store",
    ),
    "dismiss": Kind(
        "忽略",
        "忽略后不再登记，也不再提醒。",
        "已忽略",
        "/purchases/waiting",
        _find_waiting,
        _set_aside,
        asks="reason",
        reasons=DISMISSALS,
    ),
}
