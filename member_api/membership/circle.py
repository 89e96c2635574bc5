"""Points by themselves for payments by WeChat Pay: whether I let the mall know of them, and what I have to hand in."""

from typing import cast

from flask import current_app, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.circle.models import State
from app.flows.circle import standing
from app.kernel.db import atomic
from app.web import member_auth
from app.web.member_auth import Caller
from app.wechat.gateway import Gateway
from app.workers.circle import authorisations
from app.workers.circle.authorisations import Looked
from member_api.kit import kit

blueprint = kit.make_blueprint("circle", "Points for payments by WeChat Pay")

NEVER = "never"


class PluginView(Schema):
    """What the platform's plugin wants to know; only the mini-program itself can open it."""

    openid = fields.String(required=True)
    mch_id = fields.String(required=True)


class CircleView(Schema):
    """`is_offered`: my mall takes part. `has_to_submit` is null when nobody knows."""

    is_offered = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf([NEVER, *(one.value for one in State)]))
    has_to_submit = fields.Boolean(required=True, allow_none=True)
    plugin = fields.Nested(PluginView, required=True, allow_none=True)


@blueprint.get("/members/me/circle")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, CircleView)
@member_auth.member_required
def show(caller: Caller) -> ResponseReturnValue:
    """How I stand with my mall's business circle, as WeChat Pay says now."""
    openid = caller.openid if caller.channel == "mini_program" else None
    with atomic():
        known = standing.find(caller.member.id, caller.member.home_mall_id, openid)
    if known is None:
        return jsonify(is_offered=False, state=NEVER, has_to_submit=None, plugin=None)
    gateway = cast(Gateway, current_app.extensions["huitou.gateway"])
    looked: Looked = authorisations.look(gateway.circle, known)
    plugin = {"openid": openid, "mch_id": known.mchid} if openid else None
    state = looked.state.value if looked.state else NEVER
    return jsonify(is_offered=True, state=state, has_to_submit=looked.has_to_submit, plugin=plugin)
