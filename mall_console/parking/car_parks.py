"""The mall's car parks: adding one with the way to its gate, changing that, another secret, switching off and on."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.security import codes
from app.parking import overview
from app.parking.car_parks import car_parks, list_queries, tariffs
from app.parking.car_parks.car_parks import Gate
from app.parking.car_parks.models import CarPark
from app.web import context
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit import shown_once, stores
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.parking.tariff_forms import TariffForm

blueprint = Blueprint("car_parks", __name__, url_prefix="/parking", template_folder="templates")


class CarParkForm(forms.Form):
    """What can be changed of a car park."""

    name = fields.Text("停车场名称", most=40, hint="会员端显示的名称", placeholder="例如 地下停车场")
    gate_url = fields.Address("道闸地址", most=200, placeholder="https://gate.example.com")

    def facts(self) -> dict[str, str]:
        """The values by the names that verbs and the audit log know."""
        return {"name": self.name, "gate_url": self.gate_url}


class NewCarPark(CarParkForm, TariffForm):
    """A new car park with its first tariff."""

    code = fields.Identifier("停车场编号", most=30, hint="与道闸系统一致，全集团不重复，以后不能改")
    store = fields.Raw("结算门店", most=30, hint="会员用券和积分抵掉的停车费，结算给这家门店的商户；以后不能改")


@blueprint.get("/car-parks")
@mall_required("parking.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's car parks and how each stands."""
    found = overview.list_kept(workspace.condition("parking.view", CarPark.mall_id), now=clock.now())
    return render_template("console/car_parks.html", found=found)


@blueprint.get("/new")
@mall_required("parking.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new car park with its first tariff."""
    return render_template(
        "console/car_park_new.html", form=NewCarPark, stores=stores.options(workspace), https_only=_https_only()
    )


@blueprint.post("/car-parks")
@mall_required("parking.manage")
def add(workspace: Workspace) -> ResponseReturnValue:
    """Make a car park known; the answer shows the secret of its gate, the only time."""
    form = NewCarPark.read()
    store, facts, tariff = stores.get_chosen(workspace, NewCarPark.store, form.store), form.facts(), form.tariff()

    def act() -> str:
        now, secret = clock.now(), codes.new_token()
        made = car_parks.add_car_park(
            form.code,
            name=form.name,
            store=store,
            gate=Gate(form.gate_url, secret),
            https_only=_https_only(),
            now=now,
        )
        tariffs.set_tariff(made.id, tariff, effective_from=clock.start_of_day(clock.business_date(now)))
        _record(workspace, "parking.add_car_park", made, code=form.code, **facts, **asdict(tariff))
        shown_once.keep(secret)
        pages.say(f"已添加停车场「{made.name}」")
        return f"{workspace.base}/parking/car-parks/{form.code}"

    return _shown_once(workspace, form.code, pages.submit(workspace.who, form.typed(), act))


@blueprint.get("/car-parks/<code>")
@mall_required("parking.view")
def car_park_page(workspace: Workspace, code: str) -> ResponseReturnValue:
    """One car park, to be changed by who may."""
    visible = workspace.condition("parking.view", CarPark.mall_id)
    kept = overview.get_kept(code, visible=visible, now=clock.now())
    return render_template(
        "console/car_park.html", form=CarParkForm, kept=kept, car_park=kept.car_park, https_only=_https_only()
    )


@blueprint.post("/car-parks/<code>")
@mall_required("parking.manage")
def change(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Another name, another address of the gate."""
    facts = CarParkForm.read().facts()

    def act(car_park: CarPark) -> str:
        before = {"before": car_park.name, "gate_url_before": car_park.gate_url}
        if car_parks.change_car_park(car_park, https_only=_https_only(), **facts):
            _record(workspace, "parking.change_car_park", car_park, **facts, **before)
        return f"停车场「{car_park.name}」已保存"

    return _submit(workspace, code, act, **facts)


@blueprint.post("/car-parks/<code>/secret")
@mall_required("parking.manage")
def new_secret(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Sign messages to the gate with another secret; the old one ends at once."""

    def act(car_park: CarPark) -> str:
        secret = codes.new_token()
        car_parks.renew_gate_secret(car_park, gate_secret=secret)
        _record(workspace, "parking.new_gate_secret", car_park)
        shown_once.keep(secret)
        return f"「{car_park.name}」的道闸密钥已更换，旧密钥立即失效"

    return _shown_once(workspace, code, _submit(workspace, code, act))


@blueprint.post("/car-parks/<code>/off")
@mall_required("parking.manage")
def switch_off(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Refuse what its gates report from now on."""

    def act(car_park: CarPark) -> str:
        if car_parks.switch_off(car_park):
            _record(workspace, "parking.switch_off", car_park)
        return f"已停用「{car_park.name}」，道闸上报的进出会被拒绝"

    return _submit(workspace, code, act)


@blueprint.post("/car-parks/<code>/on")
@mall_required("parking.manage")
def switch_on(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Take its gates' reports again."""

    def act(car_park: CarPark) -> str:
        if car_parks.switch_on(car_park):
            _record(workspace, "parking.switch_on", car_park)
        return f"已恢复「{car_park.name}」"

    return _submit(workspace, code, act)


def _submit(workspace: Workspace, code: str, act: Callable[[CarPark], str], **typed: str) -> ResponseReturnValue:
    """Do one thing to a car park of this mall, once, say it by what `act` returns, and show the car park."""

    def on_car_park() -> str:
        pages.say(act(get(workspace, code)))
        return f"{workspace.base}/parking/car-parks/{code}"

    return pages.submit(workspace.who, {"car_park": code, **typed}, on_car_park)


def get(workspace: Workspace, code: str) -> CarPark:
    """The car park of this mall that the person may change; raises NotFound."""
    return list_queries.get_visible(code, visible=workspace.condition("parking.manage", CarPark.mall_id))


def _https_only() -> bool:
    return context.settings().is_production


def _record(workspace: Workspace, action: str, car_park: CarPark, **facts: object) -> None:
    workspace.record(action, f"car_park:{car_park.id}", now=clock.now(), facts=facts, store_id=car_park.store_id)


def _shown_once(workspace: Workspace, code: str, done: ResponseReturnValue) -> ResponseReturnValue:
    return shown_once.page(
        done,
        stored=lambda: car_parks.gate_secret(get(workspace, code)),
        title="道闸密钥",
        over="停车场",
        back=f"{workspace.base}/parking/car-parks/{code}",
        label="停车场编号",
        code=code,
        again="在停车场页面",
        use="系统通知道闸放行时，X-Client-Id 是停车场编号，X-Signature 用这个密钥签名，道闸据此确认消息来自本系统。",
    )
