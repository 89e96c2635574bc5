"""Giving back a coupon that was had for points and cash and was not used: asked with a reason, once."""

from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.benefits.coupons import queries as coupons
from app.benefits.coupons.models import Coupon, CouponStatus
from app.benefits.exchanges import queries, wording
from app.benefits.exchanges.exchanges import PURPOSE
from app.benefits.exchanges.models import CouponExchange, ExchangeStatus
from app.flows.points import exchanges
from app.identity import queries as identity
from app.kernel import clock
from app.kernel.errors import NotFound
from app.payments import queries as orders
from app.payments.models import RefundStatus
from app.web import filters
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint(
    "exchanges_back", __name__, url_prefix="/members/<public_id>/coupons", template_folder="templates"
)

PERMISSION = "exchange.give_back"


class BackForm(forms.Form):
    """Why it is given back."""

    why = fields.Text("退回原因", most=60, hint="会记入操作日志", placeholder="会员要求，券未使用")


class Bought(NamedTuple):
    """What a coupon was had for, whether it can be given back, and where the cash is that goes back."""

    price: str
    may_go_back: bool
    refund: str


def find_bought(coupon: Coupon) -> Bought | None:
    """The exchange of a coupon; None when it was had otherwise."""
    found = queries.find_by_coupon(coupon.member_id, coupon.id) if coupon.paid_points else None
    if found is None:
        return None
    is_free = coupon.status == CouponStatus.ISSUED.value and coupon.valid_until > clock.now()
    return Bought(
        price=wording.price(found.points, found.cash_fen),
        may_go_back=found.status == ExchangeStatus.DONE.value and is_free,
        refund=_refund(found),
    )


def _refund(found: CouponExchange) -> str:
    """Where the cash of what was given back is."""
    if found.status != ExchangeStatus.REFUNDED.value or not found.cash_fen:
        return ""
    order = orders.find_order(found.member_id, purpose=PURPOSE, reference=found.public_id)
    refund = orders.find_refund(order) if order else None
    sum_text = filters.yuan(found.cash_fen)
    return f"{sum_text} 已退款" if refund and refund.status == RefundStatus.DONE.value else f"{sum_text} 退款中"


@blueprint.post("/<int:coupon_id>/give-back")
@mall_required(PERMISSION)
def give_back(workspace: Workspace, public_id: str, coupon_id: int) -> ResponseReturnValue:
    """Void the coupon; points go back to their lots, cash to who paid it."""
    member = identity.find_member_by_public_id(public_id)
    coupon = coupons.get_coupon(member.id, coupon_id) if member else None
    found = queries.find_by_coupon(coupon.member_id, coupon.id) if coupon else None
    if member is None or coupon is None or coupon.mall_id != workspace.mall.id or found is None:
        raise NotFound(coupon=coupon_id)
    member_id, exchange_id = member.id, found.public_id
    form = BackForm.read()

    def act() -> str:
        now = clock.now()
        back = exchanges.give_back_exchange(member_id, exchange_id, workspace.who.actor, now=now)
        facts = {"points": back.points, "cash_fen": back.cash_fen, "reason": form.why}
        workspace.record(PERMISSION, f"exchange:{member_id}-{back.id}", now=now, facts=facts)
        cash = f"，{filters.yuan(back.cash_fen)} 将原路退款" if back.cash_fen else ""
        pages.say(f"券已作废，{back.points:,} 积分已退回{cash}")
        return f"{workspace.base}/members/{public_id}/coupons/{coupon_id}"

    return pages.submit(workspace.who, {"coupon": coupon_id, **form.typed()}, act)
