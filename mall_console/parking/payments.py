"""What members paid for parking: the list, and one payment with what covered it and its order at WeChat Pay."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.benefits.coupons import campaign_queries
from app.kernel import clock
from app.parking.payment import list_queries, queries
from app.parking.payment.models import ParkingPayment
from app.parking.payment.payments import PURPOSE
from app.payments import queries as orders
from app.payments.models import OrderStatus, RefundStatus
from app.tiers.ladders import ladders
from mall_console.kit import masks
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.parking import listings

blueprint = Blueprint("parking_payments", __name__, url_prefix="/parking/payments", template_folder="templates")

PERMISSION = "parking_payment.view"
ORDERS = {
    OrderStatus.CREATED.value: ("待支付", "warn"),
    OrderStatus.PREPAID.value: ("待支付", "warn"),
    OrderStatus.PAID.value: ("已支付", "good"),
    OrderStatus.CLOSED.value: ("已关闭", "plain"),
    OrderStatus.LATE.value: ("关闭后到账，待退款", "bad"),
    OrderStatus.REFUNDED.value: ("已退款", "plain"),
}
REFUNDS = {RefundStatus.DUE.value: "退款中", RefundStatus.DONE.value: "已退款"}


@blueprint.get("")
@mall_required("parking.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What members paid: fee, what tier, coupons and points covered, cash."""
    return views.page(listings.PAID, workspace, "parking_payments")


@blueprint.get("/<int:member_id>-<int:payment_id>")
@mall_required(PERMISSION)
def payment_page(workspace: Workspace, member_id: int, payment_id: int) -> ResponseReturnValue:
    """One payment of a car park of this mall."""
    visible = workspace.condition(PERMISSION, ParkingPayment.mall_id)
    payment, session, car_park, member = list_queries.get_payment(member_id, payment_id, visible=visible)
    waivers = queries.list_waivers(member_id, payment_id)
    coupon_ids = [one.coupon_id for one in waivers if one.coupon_id is not None]
    order = orders.find_order(member_id, purpose=PURPOSE, reference=payment.public_id)
    return render_template(
        "console/parking_payment.html",
        payment=payment,
        session=session,
        plate=masks.plate(workspace, session.plate),
        car_park=car_park,
        member=member,
        waivers=waivers,
        tiers=ladders.list_names(clock.business_date(clock.now())),
        titles=campaign_queries.titles_of_coupons([member_id], coupon_ids),
        order=order,
        refund=orders.find_refund(order) if order else None,
        state=listings.PAYMENTS[payment.status],
        order_states=ORDERS,
        refund_states=REFUNDS,
    )
