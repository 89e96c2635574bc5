"""How many people counters saw come in."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError, fields, validate, validates_schema

from app.access.audit import Actor
from app.access.machines.models import Machine
from app.entrances import footfall
from app.entrances.footfall import Count, Source
from app.kernel import clock
from app.kernel.spelling.moments import OLDEST
from open_api import machines

blueprint = Blueprint("open_footfall", __name__, url_prefix="/open/v1")

MOST_COUNTS = 500


class CountRequest(machines.Strict):
    """An hour of a door on the mall's wall clock: `hour` 14 is from 14:00 to 15:00."""

    door = machines.spelled(footfall.spell_door, footfall.LONGEST_DOOR, required=True)
    day = fields.Date(required=True, format="iso", validate=validate.Range(min=OLDEST.date()))
    hour = fields.Integer(required=True, strict=True, validate=validate.Range(0, 23))
    visitors = fields.Integer(required=True, strict=True, validate=validate.Range(0, footfall.MOST_VISITORS))


class CountsRequest(machines.Strict):
    """Hours in any order, each of a door once."""

    counts = fields.List(fields.Nested(CountRequest), required=True, validate=validate.Length(1, MOST_COUNTS))

    @validates_schema
    def ensure_each_once(self, data: dict[str, Any], **kwargs: Any) -> None:
        hours = {(one["door"], one["day"], one["hour"]) for one in data["counts"]}
        if len(hours) < len(data["counts"]):
            raise ValidationError("an hour of a door is counted twice", "counts")


@blueprint.post("/footfall")
@machines.signed_by("counter")
def take_counts(counter: Machine) -> ResponseReturnValue:
    """Keep the counts; an hour that was counted before gets the new count."""
    told = machines.body(CountsRequest())
    counts = [Count(**one) for one in told["counts"]]
    actor = Actor("machine", counter.id, counter.name)
    done = footfall.record(counter.mall_id, counts, source=Source.API, actor=actor, now=clock.now())
    return jsonify(new=done.new, corrected=len(done.corrected), repeated=done.repeated)
