"""What parking gates report."""

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


def _read_plate(reading: str) -> str:
    return plates.spell_plate(reading) or NOTHING_READ


class PassageRequest(machines.Strict):
    """A car before a barrier."""

    event_id = machines.word(64, required=True)
    car_park_code = machines.word(64, required=True)
    lane = machines.text(32, required=True)
    plate = machines.spelled(_read_plate, 16, required=True)
    direction = fields.String(required=True, validate=validate.OneOf([one.value for one in Direction]))
    occurred_at = machines.moment(required=True)


@blueprint.post("/parking/events")
@machines.signed_by("gate")
def take_event(gate: Machine) -> ResponseReturnValue:
    """Whether the gate opens or holds the car, and what is due; the same event id gets the same answer."""
    event = machines.body(PassageRequest())
    passage = GateReport(
        event_id=event["event_id"],
        car_park_code=event["car_park_code"],
        lane=event["lane"],
        plate=event["plate"],
        direction=Direction(event["direction"]),
        occurred_at=event["occurred_at"],
    )
    answer = parking.record_gate_report(passage, mall_id=gate.mall_id, now=clock.now())
    return jsonify(session_id=answer.session.public_id, action=answer.action.value, due_fen=answer.due_fen)
