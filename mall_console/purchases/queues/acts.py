"""What people do to receipts that wait or are nobody's: name the store, give them to a member, set them aside."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.flows.held import releasing
from app.identity import queries as members
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.errors import NotFound
from app.kernel.spelling import cards
from app.kernel.spelling.phones import find_phone
from app.malls import queries as malls
from app.malls.models import Store
from app.purchases import queries as purchase_queries
from app.purchases import receipt_queries, receipts
from app.purchases.aliases import aliases
from app.purchases.models import InboxReceipt
from app.purchases.waiting import waiting
from app.purchases.waiting.errors import WaitsNoLonger
from app.purchases.waiting.models import WaitingReceipt, Why
from app.purchases.wording import DISMISSALS
from app.verification import phones
from app.web.forms import fields, forms
from app.web.forms.forms import FieldInvalid
from mall_console.kit import stores
from mall_console.kit.listing import batch
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("receipt_acts", __name__, url_prefix="/purchases", template_folder="templates")

PERMISSION = "purchase.work"
MOST = 100


class ActForm(forms.Form):
    """What is done to all of them; an act reads the fields that it needs."""

    member = fields.WhereAsked(fields.Raw("会员", most=64, hint="手机号或会员卡号"))
    store = fields.WhereAsked(fields.Raw("门店", most=64))
    reason = fields.WhereAsked(fields.Raw("原因", most=20))
    note = fields.Maybe(fields.Text("补充说明", most=60, hint="会员能看到；不填则显示上面的原因"))
    confirmed = fields.Maybe(fields.Raw("确认", most=3))


@dataclass(frozen=True, slots=True)
class Row:
    """A receipt as the page shows it; without a number it is no longer known."""

    key: str
    receipt_no: str = ""
    told: str = ""
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class Kind:
    """An act on the rows of one list: what its page says and asks, and how a form becomes what is done to each.

    Receipts that are gone by now are not found. What was done waits in part for somebody else: `half_done` says so of
    those found.
    """

    title: str
    meaning: str
    done: str
    back: str
    find: Callable[[Workspace, Sequence[str]], list[Row]]
    act: Callable[[Workspace, ActForm], Callable[[str], object]]
    asks: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)
    half_done: str = ""
    find_half_done: Callable[[Workspace, Sequence[str]], set[str]] = lambda workspace, keys: set()


@blueprint.post("/inbox/<act>")
@mall_required(PERMISSION)
def unowned(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Something that is done to receipts of nobody."""
    return several(workspace, _OF_NOBODY, act)


@blueprint.post("/waiting/<act>")
@mall_required(PERMISSION)
def held(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Something that is done to receipts that wait."""
    return several(workspace, _WAITING, act)


def several(workspace: Workspace, kinds: dict[str, Kind], act: str) -> ResponseReturnValue:
    """Ask about the ticked ones; once it was confirmed, do it to each and say how each ended."""
    kind = kinds.get(act)
    if kind is None:
        raise NotFound(act=act)
    form, keys = ActForm.read(), batch.ticked(most=MOST)
    rows, refused, half = kind.find(workspace, keys), None, set[str]()
    done, problem = _deed(workspace, kind, form) if form.confirmed else (None, "")
    if done is not None:
        rows, refused = _do(workspace, keys, {row.key: row for row in rows}, form, done)
        half = kind.find_half_done(workspace, [key for key, why in refused.items() if not why])
    return render_template(
        "console/receipts_batch.html",
        kind=kind,
        act=act,
        rows=rows,
        gone=len(keys) - len(rows),
        refused=refused,
        half=half,
        problem_said=problem,
        typed=form.typed(),
        form=ActForm,
        stores=stores.options(workspace),
    )


def _do(
    workspace: Workspace, keys: Sequence[str], there: Mapping[str, Row], form: ActForm, done: Callable[[str], object]
) -> tuple[list[Row], dict[str, str]]:
    """The rows as they were, and why each was refused; one that this very form was done to is answered so again."""

    def act(key: str) -> None:
        if key not in there:
            raise WaitsNoLonger
        done(key)

    known = {key: asdict(there[key]) if key in there else {} for key in keys}
    ended = batch.each_known(workspace, known, form.typed(), act)
    rows = [there.get(key) or Row(**{"key": key, **one.known}) for key, one in ended.items()]
    return rows, {key: one.refused for key, one in ended.items()}


def _deed(workspace: Workspace, kind: Kind, form: ActForm) -> tuple[Callable[[str], object] | None, str]:
    """What is to be done, or what is wrong with the form; its page is an answer, and asks again in place."""
    try:
        return kind.act(workspace, form), ""
    except FieldInvalid as wrong:
        return None, str(wrong.facts["problem"])


def _find_unowned(workspace: Workspace, keys: Sequence[str]) -> list[Row]:
    visible = workspace.condition(PERMISSION, InboxReceipt.mall_id)
    found = receipt_queries.find_unclaimed(_ids(keys), visible)
    return [Row(str(one.id), one.receipt_no, store.name, one.amount_fen) for one, store in found]


def _find_waiting(workspace: Workspace, keys: Sequence[str]) -> list[Row]:
    visible = workspace.condition(PERMISSION, WaitingReceipt.mall_id)
    found = receipt_queries.find_waiting(_ids(keys), visible)
    return [Row(str(one.id), one.receipt_no, _place(one), one.amount_fen) for one in found]


def _place(row: WaitingReceipt) -> str:
    return malls.get_store(row.store_id).name if row.store_id else f"{row.source} 的门店 {row.store_code}"


def _ids(keys: Sequence[str]) -> list[int]:
    if not all(key.isascii() and key.isdigit() for key in keys):
        raise NotFound(receipts=keys)
    return [int(key) for key in keys]


def _give(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    member = _get_member(form.member or "")

    def act(key: str) -> None:
        now = clock.now()
        row = purchase_queries.find_inbox_receipt(int(key))
        if row is None:
            raise WaitsNoLonger
        recorded = releasing.give_to(int(key), member.id, workspace.who.actor, now=now)
        if recorded is None:
            facts = {"receipt_no": row.receipt_no, "amount_fen": row.amount_fen}
            workspace.record("purchase.check", f"member:{member.id}", now=now, facts=facts)
            return
        facts = {"receipt_no": recorded.purchase.receipt_no if recorded.purchase else "", "points": recorded.points}
        workspace.record("purchase.give", f"member:{member.id}", now=now, facts=facts)

    return act


def _find_meant(workspace: Workspace, keys: Sequence[str]) -> set[str]:
    """Those that wait for a second person."""
    return {str(row.id) for row, _ in receipt_queries.find_unclaimed(_ids(keys)) if row.checked_by_id is not None}


def _get_member(typed: str) -> Member:
    """Who is known by the whole of a phone or card; raises FieldInvalid."""
    phone = find_phone(typed)
    by_phone = None if phone is None else members.find_member_id(IdentityKind.PHONE, phones.phone_index(phone))
    found = by_phone or members.find_member_id(IdentityKind.CARD_NO, cards.spell_card(typed))
    member = None if found is None else members.get_member(found)
    if member is None or not members.is_joined(member):
        raise ActForm.member.refuse("没有找到这位会员，请输入完整的手机号或卡号")
    return member


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
    reason = _get_reason(form)

    def act(key: str) -> None:
        now, row = clock.now(), _lock(key)
        waiting.dismiss(row, by=workspace.who.actor.name, reason=reason, now=now)
        workspace.record("purchase.dismiss", f"receipt:{row.receipt_no}", now=now, facts={"reason": reason})

    return act


def _set_unowned_aside(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    reason = _get_reason(form)

    def act(key: str) -> None:
        now = clock.now()
        if not receipts.dismiss_unowned(int(key), by=workspace.who.actor.name, reason=reason, now=now):
            raise WaitsNoLonger
        workspace.record("purchase.dismiss", f"receipt:{key}", now=now, facts={"reason": reason})

    return act


def _get_reason(form: ActForm) -> str:
    if form.reason not in DISMISSALS:
        raise ActForm.reason.refuse("请选择一个原因")
    return form.reason


_OF_NOBODY = {
    "give": Kind(
        "指定会员",
        "这些小票会记到该会员名下，按消费当天的规则补发积分。请先核实确为本人消费；达到复核金额的，需另一位同事再指定一次同一位会员。",
        "已指定会员",
        "/purchases/inbox",
        _find_unowned,
        _give,
        asks="member",
        half_done="已提交复核",
        find_half_done=_find_meant,
    ),
    "dismiss": Kind(
        "忽略",
        "忽略后不再提醒，会员也不能自助认领；收银系统带上会员重新上传时仍会登记。",
        "已忽略",
        "/purchases/inbox",
        _find_unowned,
        _set_unowned_aside,
        asks="reason",
        reasons=DISMISSALS,
    ),
}
_WAITING = {
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
