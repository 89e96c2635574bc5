"""What people do to receipts of nobody: give them to a member, set them aside, take that back."""

from collections.abc import Callable, Sequence

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.flows.held import releasing
from app.identity import queries as members
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.spelling import cards
from app.kernel.spelling.phones import find_phone
from app.purchases import queries as purchase_queries
from app.purchases import receipt_queries, receipts
from app.purchases.errors import ReceiptNotSetAside
from app.purchases.models import InboxReceipt
from app.purchases.waiting.errors import WaitsNoLonger
from app.purchases.wording import DISMISSALS
from app.verification import phones
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.purchases.queues.acts import PERMISSION, ActForm, Kind, Row, get_reason, ids, several

blueprint = Blueprint("inbox_acts", __name__, url_prefix="/purchases")


@blueprint.post("/inbox/<act>")
@mall_required(PERMISSION)
def unowned(workspace: Workspace, act: str) -> ResponseReturnValue:
    """Something that is done to receipts of nobody."""
    return several(workspace, _KINDS, act)


def _find_unowned(workspace: Workspace, keys: Sequence[str]) -> list[Row]:
    visible = workspace.condition(PERMISSION, InboxReceipt.mall_id)
    found = receipt_queries.find_unclaimed(ids(keys), visible)
    return [Row(str(one.id), one.receipt_no, store.name, one.amount_fen) for one, store in found]


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
    return {str(row.id) for row, _ in receipt_queries.find_unclaimed(ids(keys)) if row.checked_by_id is not None}


def _get_member(typed: str) -> Member:
    """Who is known by the whole of a phone or card; raises FieldInvalid."""
    phone = find_phone(typed)
    by_phone = None if phone is None else members.find_member_id(IdentityKind.PHONE, phones.phone_index(phone))
    found = by_phone or members.find_member_id(IdentityKind.CARD_NO, cards.spell_card(typed))
    member = None if found is None else members.get_member(found)
    if member is None or not members.is_joined(member):
        raise ActForm.member.refuse("没有找到这位会员，请输入完整的手机号或卡号")
    return member


def _set_unowned_aside(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    reason = get_reason(form)

    def act(key: str) -> None:
        now = clock.now()
        if not receipts.dismiss_unowned(int(key), by=workspace.who.actor.name, reason=reason, now=now):
            raise WaitsNoLonger
        workspace.record("purchase.dismiss", f"receipt:{key}", now=now, facts={"reason": reason})

    return act


def _take_back(workspace: Workspace, form: ActForm) -> Callable[[str], object]:
    def act(key: str) -> None:
        if not receipts.take_back_unowned(int(key)):
            raise ReceiptNotSetAside
        workspace.record("purchase.take_back", f"receipt:{key}", now=clock.now())

    return act


_KINDS = {
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
    "restore": Kind(
        "恢复",
        "恢复后回到待处理，可以指定会员，会员也可以自助认领。",
        "已恢复",
        "/purchases/inbox",
        _find_unowned,
        _take_back,
    ),
}
