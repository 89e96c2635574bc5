"""The versions of each car park's tariff: a new one from a coming day on, and taking one back."""

from dataclasses import asdict
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.parking.car_parks import list_queries, tariffs
from app.parking.car_parks.models import CarPark, ParkingTariff
from app.web.forms import fields
from mall_console.kit import versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.parking import car_parks
from mall_console.parking.tariff_forms import TariffForm

blueprint = Blueprint("tariffs", __name__, url_prefix="/parking/tariffs", template_folder="templates")


class NewTariff(versions.NewVersion, TariffForm):
    """Another tariff of a car park."""

    car_park = fields.Raw("停车场", most=30)


@blueprint.get("")
@mall_required("parking.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """Each car park with the versions of its tariff."""
    now = clock.now()
    kept = [
        (one, versions.listed(tariffs.list_tariffs(one.id), now=now, begun=clock.horizon(now)))
        for one in list_queries.list_car_parks(workspace.condition("parking.view", CarPark.mall_id))
    ]
    return render_template("console/tariffs.html", kept=kept, form=NewTariff)


@blueprint.post("")
@mall_required("parking.manage")
def publish(workspace: Workspace) -> ResponseReturnValue:
    """A new version for cars that come in from a coming day on; cars already in keep theirs."""
    form = NewTariff.read()

    def change(now: datetime) -> Changed:
        car_park = car_parks.get(workspace, form.car_park)
        start = clock.start_of_day(form.effective_from)
        version = tariffs.set_tariff(car_park.id, form.tariff(), effective_from=start)
        return _changed(car_park, version, "{0.name}的新收费标准将自 {1} 起生效", is_change=version.is_new)

    return versions.submit(workspace, "parking.set_tariff", form.typed(), change, back=_list(workspace))


@blueprint.post("/<code>/<int:version_id>/withdraw")
@mall_required("parking.manage")
def withdraw(workspace: Workspace, code: str, version_id: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""

    def change(now: datetime) -> Changed:
        car_park = car_parks.get(workspace, code)
        gone = tariffs.withdraw_tariff(car_park.id, version_id, now=now)
        return _changed(car_park, gone, "{0.name}自 {1} 起的收费标准已撤回")

    typed = {"car_park": code, "version": version_id}
    return versions.submit(workspace, "parking.withdraw_tariff", typed, change, back=_list(workspace))


def _changed(car_park: CarPark, version: ParkingTariff, said: str, *, is_change: bool = True) -> Changed:
    day = clock.business_date(version.effective_from)
    return Changed(
        subject=f"car_park:{car_park.id}",
        day=day,
        facts=asdict(tariffs.to_tariff(version)),
        said=said.format(car_park, day),
        is_change=is_change,
    )


def _list(workspace: Workspace) -> str:
    return f"{workspace.base}/parking/tariffs"
