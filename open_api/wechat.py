"""Callbacks of WeCom and of the mini-program's push: verified, kept, answered at once; others act on them."""

from flask import Blueprint, Response, request

from app.flows import subscriptions
from app.flows.contacts import contacts
from app.flows.stuck import callbacks as unread_callbacks
from app.kernel import clock
from app.kernel.db import atomic
from app.web.context import gateway
from app.wechat import mini, wecom
from app.wechat.errors import CallbackUnread

blueprint = Blueprint("open_wechat", __name__, url_prefix="/open/v1")


@blueprint.get("/wecom/callback")
def check_wecom_address() -> Response:
    """WeCom checks our address when it is saved: the decrypted echo, bare, within a second."""
    return _plain(gateway().wecom.read_echo(request.args, now=clock.now()))


@blueprint.post("/wecom/callback")
def take_wecom_event() -> Response:
    """WeCom tells of a contact; answered within 5 seconds or sent again."""
    now = clock.now()
    try:
        event = gateway().wecom.read_callback(request.get_data(), request.args, now=now)
    except CallbackUnread as unread:
        return _kept(wecom.PLATFORM, unread, "")
    with atomic():
        contacts.keep_contact_event(event, now=now)
    return _plain("")


@blueprint.get("/wechat/mini")
def check_mini_address() -> Response:
    """The mini-program's platform checks our address when it is saved."""
    return _plain(gateway().mini_push.read_echo(request.args, now=clock.now()))


@blueprint.post("/wechat/mini")
def take_mini_event() -> Response:
    """The mini-program's platform tells of subscriptions; answered within 5 seconds or sent again."""
    now = clock.now()
    try:
        event = gateway().mini_push.read_event(request.get_data(), request.args, now=now)
    except CallbackUnread as unread:
        return _kept(mini.PLATFORM, unread, "success")
    with atomic():
        subscriptions.keep_push_event(event, now=now)
    return _plain("success")


def _kept(platform: str, unread: CallbackUnread, answer: str) -> Response:
    """The platform's own word, not understood: a person looks at it, and the platform need not say it again."""
    with atomic():
        unread_callbacks.keep(platform, unread.text, now=clock.now())
    return _plain(answer)


def _plain(text: str) -> Response:
    return Response(text, content_type="text/plain; charset=utf-8")
