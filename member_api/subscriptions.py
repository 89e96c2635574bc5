"""Allowing more reminders: the answers of WeChat's subscribe dialog, kept as stock."""

from typing import Any

from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.flows import subscriptions
from app.kernel import clock
from app.outreach.consents import consents, facts
from app.outreach.consents.templates import Template
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit

blueprint = kit.make_blueprint("subscriptions", "Permission for one message at a time")


class AnswersRequest(kit.Strict):
    """What the dialog was answered, by template."""

    results = fields.Dict(
        keys=fields.String(validate=validate.OneOf([template.value for template in Template])),
        values=fields.String(validate=validate.OneOf(["accept", "reject"])),
        required=True,
        validate=validate.Length(1, len(Template)),
    )


@blueprint.post("/members/me/subscriptions")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(AnswersRequest)
@blueprint.response(200, answers.StockView)
@member_auth.member_required
def answer(caller: Caller, told: dict[str, Any]) -> ResponseReturnValue:
    """Add one message of permission per accepted template."""
    fact = facts.dialog(commands.idempotency_key())

    def act() -> commands.Answer:
        stock = subscriptions.answer_dialog(caller.member.id, results=told["results"], fact=fact, now=clock.now())
        return 200, {"stock": stock}

    return commands.run_once(caller.name, told, act)


@blueprint.delete("/members/me/subscriptions")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(204)
@member_auth.member_required
def withdraw(caller: Caller) -> ResponseReturnValue:
    """Take back every permission that is left; points and coupons stay. Again changes nothing."""
    fact = facts.withdrawal(commands.idempotency_key())

    def act() -> commands.Answer:
        consents.withdraw_all([caller.member.id], fact=fact, now=clock.now())
        return 204, {}

    return commands.run_once(caller.name, {}, act)
