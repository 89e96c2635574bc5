"""What WeChat Pay tells of the business circle: who authorised it, what they paid, what was given back."""

from typing import cast

from flask import Blueprint, Response, current_app, request

from app.flows.circle import keeping
from app.flows.stuck import callbacks as unread_callbacks
from app.kernel import clock
from app.kernel.db import atomic
from app.wechat.errors import CallbackUnread
from app.wechat.gateway import Gateway
from app.wechat.pay.circle_notices import PLATFORM

blueprint = Blueprint("open_wechat_circle", __name__, url_prefix="/open/v1")


@blueprint.post("/wechat-pay/circle-notices")
def take_notice() -> Response:
    """Keep a notice, verified, for a worker; again changes nothing. Whatever is refused is sent again by the platform.

    One that cannot be understood is kept for a person.
    """
    gateway = cast(Gateway, current_app.extensions["huitou.gateway"])
    try:
        notice = gateway.pay.parse_circle_notice(dict(request.headers), request.get_data())
    except CallbackUnread as unread:
        with atomic():
            unread_callbacks.keep(PLATFORM, unread.text, now=clock.now())
        return Response(status=204)
    with atomic():
        keeping.keep_notice(notice, appid=gateway.mini.appid, now=clock.now())
    return Response(status=204)
