"""My number plates."""

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.flows import parking
from app.flows.members import sharing
from app.identity import queries as identity_queries
from app.identity.errors import PlateTaken
from app.identity.models import IdentityKind
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.spelling import plates as spelling_plates
from app.verification import throttle
from app.web import commands, member_auth
from app.web.member_auth import Caller
from member_api.kit import answers, kit, views

blueprint = kit.make_blueprint("plates", "The member's number plates")


# Whoever binds a plate sees where it is parked: nobody may go through other people's plates.
BINDINGS_PER_DAY = 10


class BindRequest(kit.Strict):
    """A plate as people write it."""

    plate = fields.String(required=True, validate=validate.Length(1, 32))


@blueprint.get("/members/me/plates")
@blueprint.doc(**kit.SIGNED_IN)
@blueprint.response(200, answers.PlateListView)
@member_auth.member_required
def list_mine(caller: Caller) -> ResponseReturnValue:
    """My plates, the oldest first."""
    plates = identity_queries.list_identities(caller.member.id, IdentityKind.PLATE)
    return jsonify({"items": [{"plate": one.value, "bound_at": views.moment(one.bound_at)} for one in plates]})


@blueprint.post("/members/me/plates")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.arguments(BindRequest)
@blueprint.response(200, answers.PlateBoundView)
@blueprint.alt_response(409, schema=kit.ErrorView)
@blueprint.alt_response(429, schema=kit.ErrorView)
@member_auth.member_required
def bind(caller: Caller, wish: dict[str, Any]) -> ResponseReturnValue:
    """Bind a plate; my parking coupons are tied to it, and where it is parked now is mine."""
    return commands.find_answer(caller.name, wish) or _bind(caller, wish)


def _bind(caller: Caller, wish: dict[str, Any]) -> ResponseReturnValue:
    spelling_plates.normalise_plate(wish["plate"])  # what is none costs no try
    with atomic():  # a refusal tells whether a plate is a member's, and must count, too
        bucket = f"plates:{caller.member.id}"
        throttle.count_attempt(bucket, limit=BINDINGS_PER_DAY, window_s=86_400, now=clock.now())
    try:
        return commands.run_once(caller.name, wish, lambda: _bound(caller, wish["plate"]), look_first=False)
    except PlateTaken:
        with atomic():
            sharing.note_plate(caller.member, wish["plate"])
        raise


def _bound(caller: Caller, plate: str) -> commands.Answer:
    bound = parking.bind_plate(caller.member.id, plate, now=clock.now())
    return 200, {"plate": bound.plate, "bound_coupons": bound.coupons, "had_gift": bound.had_gift}


@blueprint.delete("/members/me/plates/<string:plate>")
@blueprint.doc(**kit.COMMAND, **kit.SIGNED_IN)
@blueprint.response(204)
@blueprint.alt_response(422, schema=kit.ErrorView)
@member_auth.member_required
def unbind(caller: Caller, plate: str) -> ResponseReturnValue:
    """Take a plate off my card; again changes nothing."""
    return commands.run_once(caller.name, {}, lambda: _unbind(caller, plate))


def _unbind(caller: Caller, plate: str) -> commands.Answer:
    # Not only what is a plate by today's rules: a plate that was bound by older ones can still be taken off.
    parking.unbind_plate(caller.member.id, spelling_plates.spell_plate(plate), now=clock.now())
    return 204, {}
