"""What parking gates report."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.access.machines.models import Machine
from app.flows import parking
from app.kernel import clock
from app.kernel.spelling import plates
from app.parking.sessions.models import Direction
from app.parking.sessions.passages import GateReport
from open_api import machines

blueprint = Blueprint("open_parking", __name__, url_prefix="/open/v1")

# What stands for a reading of which nothing is left; it is no plate.
NOTHING_READ = "?"
MOST_READ = 16  # more of a reading tells nobody anything


class _Reading(fields.String):
    """What a camera made of a plate. Whatever it is, a car stands there: no reading is refused."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        spelled = plates.spell_plate(super()._deserialize(value, attr, data, **kwargs))
        return "".join(filter(str.isprintable, spelled))[:MOST_READ]


class PassageRequest(machines.Strict):
    """A car before a barrier."""

    event_id = machines.word(64, required=True)
    car_park_code = machines.word(64, required=True)
    lane = machines.text(32, required=True)
    plate = _Reading(required=True, allow_none=True)
    direction = fields.String(required=True, validate=validate.OneOf([one.value for one in Direction]))
    occurred_at = machines.moment(required=True)


@blueprint.post("/parking/events")
@machines.signed_by("gate")
def take_event(gate: Machine) -> ResponseReturnValue:
    """Whether the gate opens or holds the car, and what is due; the same event id gets the same answer."""
    event = machines.body(PassageRequest(), cleaned=["plate"])
    passage = GateReport(
        event_id=event["event_id"],
        car_park_code=event["car_park_code"],
        lane=event["lane"],
        plate=event["plate"] or NOTHING_READ,
        direction=Direction(event["direction"]),
        occurred_at=event["occurred_at"],
    )
    answer = parking.record_gate_report(passage, mall_id=gate.mall_id, now=clock.now())
    return jsonify(session_id=answer.session.public_id, action=answer.action.value, due_fen=answer.due_fen)
