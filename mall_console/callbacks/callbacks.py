"""Callbacks that wait for people: the list, one with its text masked, trying it again, and saying what was done."""

import json
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.flows.stuck import callbacks
from app.flows.stuck.wording import PLATFORMS
from app.kernel import clock
from app.kernel.errors import NotFound
from app.web.forms import fields, forms
from app.web.pages import pages
from app.wechat.callbacks import masking, troubled
from app.wechat.callbacks.models import UNREAD, PlatformEvent
from mall_console.callbacks import again, callback_list
from mall_console.callbacks.callback_list import CALLBACKS
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks", template_folder="templates")


class SettleForm(forms.Form):
    """What somebody did about it."""

    note = fields.Lines("处理说明", most=200, placeholder="例如：平台新增的通知类型，与会员业务无关")


@blueprint.get("")
@mall_required("callback.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What platforms said and nobody understood or could act on, the latest first."""
    return views.page(CALLBACKS, workspace, "callbacks", is_home=callback_list.is_home(workspace))


@blueprint.get("/<int:event_id>")
@mall_required("callback.view")
def callback_page(workspace: Workspace, event_id: int) -> ResponseReturnValue:
    """One of them: the masked text, why it waits, and what can be done."""
    event = _get(workspace, event_id)
    return render_template(
        "console/callback.html",
        event=event,
        platform=PLATFORMS[event.channel],
        text=_masked(event),
        cause=callback_list.cause_of(event),
        state=callback_list.state_of(event),
        outcome=callback_list.outcome_of(event),
        form=SettleForm,
    )


@blueprint.post("/<int:event_id>/again")
@mall_required("callback.manage")
def try_again(workspace: Workspace, event_id: int) -> ResponseReturnValue:
    """Read it once more, or let a worker act on it once more."""

    def act(now: datetime) -> str:
        again.try_again(event_id, now=now)
        return "已重新处理"

    return _change(workspace, event_id, "callback.try_again", act, {})


@blueprint.post("/<int:event_id>/settled")
@mall_required("callback.manage")
def settle(workspace: Workspace, event_id: int) -> ResponseReturnValue:
    """Somebody has dealt with it, and says how."""
    _get(workspace, event_id)
    form = SettleForm.read()

    def act(now: datetime) -> str:
        callbacks.settle(event_id, note=form.note)
        return "已办结"

    return _change(workspace, event_id, "callback.settle", act, form.typed())


def _change(
    workspace: Workspace, event_id: int, action: str, act: Callable[[datetime], str], typed: dict[str, str]
) -> ResponseReturnValue:
    def once() -> str:
        now, event = clock.now(), _get(workspace, event_id)
        pages.say(act(now))
        facts = {"platform": event.channel, **typed}
        workspace.record(action, f"platform_event:{event_id}", now=now, facts=facts)
        return f"{workspace.base}/callbacks"

    return pages.submit(workspace.who, {"callback": event_id, **typed}, once)


def _get(workspace: Workspace, event_id: int) -> PlatformEvent:
    if not callback_list.is_home(workspace):
        raise NotFound(callback=event_id)
    return troubled.get_event(event_id)


def _masked(event: PlatformEvent) -> str:
    """What the platform said; of what was understood, what was kept of it."""
    if event.kind == UNREAD:
        return masking.masked(event.payload["text"])
    return masking.masked(json.dumps(event.payload, ensure_ascii=False, indent=2))
