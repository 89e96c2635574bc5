"""Points at tills of merchants: held while the customer pays, then taken, let go, or given back."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from app.access.audit import Actor
from app.access.machines.models import Machine
from app.flows.points import till_points
from app.flows.points.till_points import Taker
from app.identity.codes import member_codes
from app.kernel import clock, idempotency
from app.malls import queries as mall_queries
from app.malls.models import Store
from app.points.till import queries, rules
from app.points.till.models import PointsPayment
from app.web import commands
from open_api import machines, stores

blueprint = Blueprint("open_points", __name__, url_prefix="/open/v1")

MOST_POINTS = 10_000_000
# The code may name the customer of the receipt, too.
_BESIDE = "points:"


class HoldRequest(machines.Strict):
    """Points to hold of the member whose rolling code the till has scanned."""

    store_code = machines.word(64, required=True)
    member_code = machines.spelled(member_codes.spell, 512, machines.WORD, required=True)
    points = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_POINTS))


class EmptyRequest(machines.Strict):
    """Nothing to say."""


@blueprint.post("/points/payments")
@machines.signed_by("pos")
def hold(till: Machine) -> ResponseReturnValue:
    """Hold points: `consented` says whether the till may take them, or the member is still to confirm."""
    asked = machines.body(HoldRequest())
    store = stores.of_till(till, asked["store_code"])
    taker, now = _taker(till, store), clock.now()

    def act() -> tuple[int, PointsPayment]:
        member_id = member_codes.use(asked["member_code"], used_by=taker.used_by, now=now, beside=_BESIDE)
        return 201, till_points.ask_for_points(member_id, asked["points"], taker, now=now)

    return _once(till, asked, act)


@blueprint.get("/points/payments/<payment_id>")
def show(payment_id: str) -> ResponseReturnValue:
    """How a payment of this till stands."""

    @machines.signed_by("pos")
    def shown(till: Machine) -> ResponseReturnValue:
        return jsonify(_view(queries.find_of_machine(payment_id, machine_id=till.id)))

    return shown()


@blueprint.post("/points/payments/<payment_id>/<any(capture, release, reverse):step>")
def move(payment_id: str, step: str) -> ResponseReturnValue:
    """Take what is held, let it go, or give back what was taken a quarter of an hour ago at most."""

    @machines.signed_by("pos")
    def moved(till: Machine) -> ResponseReturnValue:
        machines.body(EmptyRequest())
        return _once(till, {}, lambda: (200, _move(till, payment_id, step)))

    return moved()


def _move(till: Machine, payment_id: str, step: str) -> PointsPayment:
    now, seen = clock.now(), queries.find_of_machine(payment_id, machine_id=till.id)
    if step == "capture":
        return till_points.capture_payment(seen, now=now)
    taker = _taker(till, mall_queries.get_store(seen.store_id))
    if step == "release":
        return till_points.withdraw_payment(seen, taker, now=now)
    return till_points.undo_payment(seen, taker, now=now)


def _taker(till: Machine, store: Store) -> Taker:
    return Taker(
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        store_name=store.name,
        used_by=f"till:{till.id}",
        actor=Actor("machine", till.id, till.name),
        machine_id=till.id,
    )


def _once(till: Machine, asked: dict[str, Any], act: Callable[[], tuple[int, PointsPayment]]) -> Response:
    """One effect per Idempotency-Key, in the unit of work of the request; the same again gets the first answer."""
    caller, key = f"machine:{till.id}", commands.idempotency_key()
    kept = commands.find_kept(caller, key, asked)
    if kept is None:
        status, payment = act()
        kept = idempotency.KeptAnswer(status=status, answer=_view(payment))
        mark = idempotency.fingerprint(f"{request.method} {request.path}", asked)
        idempotency.keep(caller=caller, key=key, fingerprint=mark, status=status, answer=kept.answer, now=clock.now())
    response = jsonify(kept.answer)
    response.status_code = kept.status
    return response


def _view(payment: PointsPayment) -> dict[str, Any]:
    now = clock.now()
    return {
        "payment_id": payment.public_id,
        "status": rules.status_at(payment, now).value,
        "consented": payment.consented_at is not None,
        "points": payment.points,
        "worth_fen": payment.worth_fen,
        "confirm_by": payment.confirm_by.isoformat(),
    }
