"""Stays and car parks as cases point at them."""

from collections.abc import Collection

from app.parking.car_parks import queries as car_parks
from app.parking.invoices import asking
from app.parking.invoices import queries as invoice_queries
from app.parking.invoices.wording import TITLE_KINDS
from app.parking.sessions import list_queries
from app.web import filters
from mall_console.kit import masks
from mall_console.kit.evidence import Shown
from mall_console.kit.workspace import Workspace


def _sessions(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    return {
        str(session.id): Shown(
            f"{masks.plate(workspace, session.plate)}，{filters.local_time(session.entered_at, '%m-%d %H:%M')} 入场",
            "/parking/payments" if workspace.can("parking.view") else None,
        )
        for session in list_queries.list_by_ids([int(which) for which in ids])
    }


def _car_parks(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    found = {which: car_parks.get_car_park_of(int(which)) for which in ids}
    may_open = workspace.can("parking.view")
    return {
        which: Shown(car_park.name, f"/parking/car-parks/{car_park.code}" if may_open else None)
        for which, car_park in found.items()
    }


def _unread(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    may_open = workspace.can("parking.view")
    return {which: _unread_day(which.partition(":")[2], may_open) for which in ids}


def _unread_day(day: str, may_open: bool) -> Shown:
    return Shown(f"{day} 的通行", f"/parking?day={day}" if may_open else None)


def _invoices(workspace: Workspace, ids: Collection[str]) -> dict[str, Shown]:
    may_open = workspace.can("parking.invoice")
    found = {which: invoice_queries.get_invoice(*asking.keys_of(which)) for which in ids}
    return {
        which: Shown(
            f"{filters.yuan(one.amount_fen)}，{TITLE_KINDS[one.title_kind]}抬头",
            f"/parking/invoices/{one.public_id}" if may_open else None,
        )
        for which, one in found.items()
    }


EVIDENCE = {
    "parking_session": _sessions,
    "car_park": _car_parks,
    "unread_plates": _unread,
    "parking_invoice": _invoices,
}
