"""Car parks: cars in now, and payments."""

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.payment import list_queries as payment_list_queries
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.sessions import list_queries
from app.parking.sessions.models import ParkingSession, SessionNote
from app.parking.sessions.rules import Stay
from mall_console.kit import filters, masks, paging
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("parking", __name__, url_prefix="/parking", template_folder="templates")

NOTES = {
    SessionNote.EXIT_MISSED.value: "漏记离场",
    SessionNote.ENTRY_MISSED.value: "漏记入场",
    SessionNote.EXIT_LATE.value: "离场补传",
    SessionNote.ENTRY_LATE.value: "入场补传",
    SessionNote.PLATE_UNREAD.value: "车牌未识别",
}
PAYMENTS = {
    PaymentStatus.AWAITING_CASH.value: ("等待支付", "warn"),
    PaymentStatus.PAID.value: ("已缴清", "good"),
    PaymentStatus.RELEASED.value: ("已放弃", "plain"),
}


@blueprint.get("")
@mall_required("parking.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Cars that are in now or, with a day, all that came in on it."""
    mine, now = workspace.condition("parking.view", CarPark.mall_id), clock.now()
    wanted = filters.of_day(ParkingSession.entered_at) or [ParkingSession.exited_at.is_(None)]
    found = list_queries.list_sessions(mine, *wanted, asked=paging.asked())
    shown = [
        (session, car_park, member, masks.plate(workspace, session.plate), _stay(session, tariff, now))
        for session, car_park, tariff, member in found
    ]
    return paging.render_list(
        "parking", rows=found.with_items(shown), inside=list_queries.count_open(mine), notes=NOTES, now=now
    )


@blueprint.get("/payments")
@mall_required("parking.view")
def payments_page(workspace: Workspace) -> ResponseReturnValue:
    """What members paid: fee, what coupons and points covered, cash."""
    rows = payment_list_queries.list_payments(
        workspace.condition("parking.view", CarPark.mall_id),
        *filters.of_day(ParkingPayment.paid_at),
        asked=paging.asked(),
    )
    plates = {session.id: masks.plate(workspace, session.plate) for _, session, _, _ in rows}
    return paging.render_list("parking_payments", rows=rows, plates=plates, payments=PAYMENTS)


def _stay(session: ParkingSession, tariff: ParkingTariff, now: datetime) -> Stay:
    """The stay up to its end or up to now, for its fee."""
    return Stay(tariffs.to_tariff(tariff), session.entered_at, session.exited_at or now, session.settled_fen)
