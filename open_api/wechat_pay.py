"""What WeChat Pay tells: orders paid, refunds done."""

from typing import cast

from flask import Blueprint, Response, current_app, request

from app.flows.stuck import callbacks as unread_callbacks
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.errors import CallbackRefused, CallbackUnread
from app.wechat.gateway import Gateway
from app.wechat.pay.notices import PaidOrder
from app.wechat.pay.pay import PLATFORM
from app.workers import payments

blueprint = Blueprint("open_wechat_pay", __name__, url_prefix="/open/v1")


@blueprint.post("/wechat-pay/notices")
def take_notice() -> Response:
    """Take a notice, verified; again changes nothing. Whatever is refused is sent again by the platform.

    One that cannot be understood is kept for a person. Our own questions about orders and refunds go on meanwhile.
    """
    gateway = cast(Gateway, current_app.extensions["huitou.gateway"])
    try:
        notice = gateway.pay.parse_notice(dict(request.headers), request.get_data())
    except CallbackUnread as unread:
        with atomic():
            unread_callbacks.keep(PLATFORM, unread.text, now=clock.now())
        return Response(status=204)
    if notice.order is not None:
        _take_order(notice.order, mchid=gateway.pay.mchid)
    if notice.refund is not None:
        payments.note_refund(notice.refund)
    return Response(status=204)


def _take_order(order: PaidOrder, *, mchid: str) -> None:
    if order.mchid != mchid:
        raise CallbackRefused
    money = payments.money_of(order)
    if money is not None:
        payments.take_money(money)
