"""Car parks: cars in now, payments, and the versions of the tariff."""

from dataclasses import asdict
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.parking.car_parks import list_queries as car_park_queries
from app.parking.car_parks import tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.parking.payment import list_queries as payment_list_queries
from app.parking.payment.models import ParkingPayment, PaymentStatus
from app.parking.sessions import list_queries
from app.parking.sessions.models import ParkingSession, SessionNote
from app.parking.sessions.rules import Stay
from app.web.pages import pages
from mall_console.kit import filters, forms, masks, paging
from mall_console.kit.desk import Desk, at_desk
from mall_console.parking import tariff_forms

blueprint = Blueprint("parking", __name__, url_prefix="/parking", template_folder="templates")

NOTES = {
    SessionNote.EXIT_MISSED.value: "漏记离场",
    SessionNote.ENTRY_MISSED.value: "漏记入场",
    SessionNote.EXIT_LATE.value: "离场补报",
    SessionNote.ENTRY_LATE.value: "入场补报",
}
PAYMENTS = {
    PaymentStatus.AWAITING_CASH.value: ("等待支付", "warn"),
    PaymentStatus.PAID.value: ("已缴清", "good"),
    PaymentStatus.RELEASED.value: ("已放弃", "plain"),
}


@blueprint.get("")
@at_desk("parking.view")
def page(desk: Desk) -> ResponseReturnValue:
    """Cars that are in now or, with a day, all that came in on it."""
    mine, now = desk.condition("parking.view", CarPark.mall_id), clock.now()
    day, mark = filters.of_day(ParkingSession.entered_at), paging.mark()
    found = list_queries.list_sessions(
        mine, *(day or [ParkingSession.exited_at.is_(None)]), *([ParkingSession.id < mark[0]] if mark else []),
        limit=paging.ROWS + 1,
    )  # fmt: skip
    rows = paging.cut(found, lambda row: [row.ParkingSession.id])
    shown = [
        (session, car_park, member, masks.plate(desk, session.plate), _stay(session, tariff, now))
        for session, car_park, tariff, member in rows.items
    ]
    return paging.render_list(
        "parking", rows=paging.Rows(shown, rows.more), inside=list_queries.count_open(mine), notes=NOTES, now=now
    )


@blueprint.get("/payments")
@at_desk("parking.view")
def payments_page(desk: Desk) -> ResponseReturnValue:
    """What members paid: fee, what coupons and points covered, cash."""
    found = payment_list_queries.list_payments(
        desk.condition("parking.view", CarPark.mall_id),
        *filters.of_day(ParkingPayment.paid_at),
        *paging.behind(payment_list_queries.PAYMENT_ORDER, paging.moment_mark(ids=2)),
        limit=paging.ROWS + 1,
    )
    rows = paging.cut(found, lambda row: (row[0].created_at, row[0].member_id, row[0].id))
    plates = {row[1].id: masks.plate(desk, row[1].plate) for row in rows.items}
    return paging.render_list("parking_payments", rows=rows, plates=plates, payments=PAYMENTS)


@blueprint.get("/tariffs")
@at_desk("parking.view")
def tariffs_page(desk: Desk) -> ResponseReturnValue:
    """Each car park with the versions of its tariff."""
    found = car_park_queries.list_car_parks(desk.condition("parking.view", CarPark.mall_id))
    versions = {car_park.id: tariffs.list_tariffs(car_park.id) for car_park in found}
    now = clock.now()
    return render_template(
        "console/tariffs.html", car_parks=found, versions=versions, now=now, begun=clock.horizon(now),
        tomorrow=clock.business_date(now) + timedelta(days=1),
    )  # fmt: skip


@blueprint.post("/tariffs")
@at_desk("parking.manage")
def set_tariff(desk: Desk) -> ResponseReturnValue:
    """A new version for cars that come in from a coming day on; cars already in keep theirs."""
    day = forms.day("effective_from", "生效日期")
    if day <= forms.today():
        raise forms.FieldInvalid(label="生效日期", problem="最早从明天开始")
    tariff = tariff_forms.read()
    typed = asdict(tariff)
    code = request.form.get("car_park", "")

    def act() -> str:
        car_park = car_park_queries.get_visible(code, visible=desk.condition("parking.manage", CarPark.mall_id))
        tariffs.set_tariff(car_park.id, tariff, effective_from=clock.start_of_day(day))
        facts = {"effective_from": day.isoformat(), **typed}
        desk.record("parking.set_tariff", f"car_park:{car_park.id}", now=clock.now(), facts=facts)
        pages.say(f"{car_park.name}的新收费标准将自 {day} 起生效")
        return f"{desk.base}/parking/tariffs"

    return pages.submit(desk.who, {"car_park": code, "day": day.isoformat(), **typed}, act)


@blueprint.post("/tariffs/<code>/<int:version_id>/withdraw")
@at_desk("parking.manage")
def withdraw_tariff(desk: Desk, code: str, version_id: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""

    def act() -> str:
        now = clock.now()
        car_park = car_park_queries.get_visible(code, visible=desk.condition("parking.manage", CarPark.mall_id))
        gone = tariffs.withdraw_tariff(car_park.id, version_id, now=now)
        day = clock.business_date(gone.effective_from)
        facts = {"effective_from": day.isoformat(), **asdict(tariffs.to_tariff(gone))}
        desk.record("parking.withdraw_tariff", f"car_park:{car_park.id}", now=now, facts=facts)
        pages.say(f"{car_park.name}自 {day} 起的收费标准已撤回")
        return f"{desk.base}/parking/tariffs"

    return pages.submit(desk.who, {"car_park": code, "version": version_id}, act)


def _stay(session: ParkingSession, tariff: ParkingTariff, now: datetime) -> Stay:
    """The stay up to its end or up to now, for its fee."""
    return Stay(tariffs.to_tariff(tariff), session.entered_at, session.exited_at or now, session.settled_fen)
