"""What the mini-program tells of its use, by the batch."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from app.behaviour import behaviour, rules
from app.behaviour.models import BehaviourKind
from app.behaviour.rules import Event, Reason
from app.identity.errors import MemberRequired
from app.identity.models import MemberStatus
from app.kernel import clock
from app.kernel.db import atomic
from app.verification.tallies import Bound
from app.web import context, member_auth
from app.web.member_auth import Caller
from member_api.kit import kit
from member_api.kit.kit import MoneyCount

blueprint = kit.make_blueprint("behaviour", "What the mini-program was used for")
blueprint.ARGUMENTS_PARSER = kit.PartsParser("events")

MOST_EVENTS = 100
BATCHES_PER_MINUTE = 60


class EventRequest(kit.Strict):
    """One act. `at` is by the client's clock; `id` is made by the client, and the same one counts once."""

    id = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": [kind.value for kind in BehaviourKind]})
    at = fields.String(required=True, metadata={"format": "date-time"})
    page = fields.String(allow_none=True)
    subject = fields.String(allow_none=True)
    words = fields.String(allow_none=True)
    seconds = fields.Integer(allow_none=True)
    scene = fields.String(allow_none=True)


class _Judged(fields.List[Any]):
    """Documented as what they should be, and handed on as they came: the rules judge each by itself."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return value


class BatchRequest(kit.Strict):
    """Acts in any order, and the client's clock when it sends them, by which theirs are put right."""

    sent_at = fields.AwareDateTime(required=True, format="iso")
    events = _Judged(fields.Nested(EventRequest), required=True, validate=validate.Length(1, MOST_EVENTS))


class RefusedView(Schema):
    """An event that is not kept and need not be sent again: which of the batch, from 0, and why."""

    position = MoneyCount(required=True)
    reason = fields.String(required=True, validate=validate.OneOf([reason.value for reason in Reason]))


class BatchView(Schema):
    """How many were new and how many known; the rest was refused."""

    accepted = MoneyCount(required=True)
    repeated = MoneyCount(required=True)
    refused = fields.List(fields.Nested(RefusedView), required=True)


@blueprint.post("/behaviour-events")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.arguments(BatchRequest)
@blueprint.response(200, BatchView)
@member_auth.member_required
def take_in(caller: Caller, batch: dict[str, Any]) -> ResponseReturnValue:
    """Keep what I did, each event once; what cannot be read is refused by itself."""
    if caller.member.status != MemberStatus.MEMBER.value:
        raise MemberRequired
    now = clock.now()
    context.tallies().count([Bound(f"behaviour:{caller.member.id}", BATCHES_PER_MINUTE)], now=now)
    events: list[Event] = []
    refused: list[dict[str, Any]] = []
    for position, told in enumerate(batch["events"]):
        try:
            events.append(rules.read(told, sent_at=batch["sent_at"], now=now))
        except rules.Refused as error:
            refused.append({"position": position, "reason": error.reason.value})
    with atomic():
        accepted = behaviour.record(caller.member.id, events, now=now)
    return jsonify({"accepted": accepted, "repeated": len(events) - accepted, "refused": refused})
