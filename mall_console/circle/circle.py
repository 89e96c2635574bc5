"""The mall's circle: its numbers at WeChat Pay, what the circle calls its stores, and the notices that came."""

import re

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.circle import authorisations, circles
from app.flows.circle import shops
from app.kernel import clock
from app.malls import directory_queries
from app.malls.models import Store
from app.purchases.aliases import aliases
from app.web import context
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.circle.notice_list import NOTICES
from mall_console.circle.shop_list import SHOPS
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("circle", __name__, url_prefix="/circle", template_folder="templates")

NOTICE_PATH = "/open/v1/wechat-pay/circle-notices"


class MerchantNumber(fields.Text):
    """A merchant's number at WeChat Pay: digits, however they were typed."""

    mono = True
    pattern = "[0-9]{8,32}"

    def own_attributes(self) -> dict[str, str | int]:
        return {**super().own_attributes(), "pattern": self.pattern, "inputmode": "numeric", "autocomplete": "off"}

    def read(self, text: str) -> str:
        value = super().read(text)
        if not re.fullmatch(self.pattern, value):
            raise self.refuse("商户号只含数字，可在微信支付商户平台「账户中心」查看")
        return value


class CircleForm(forms.Form):
    """What WeChat Pay calls the mall."""

    mchid = MerchantNumber("商圈商户号", most=32, hint="开通智慧商圈的微信支付商户号")
    brand_id = fields.Maybe(fields.Whole("品牌编号", least=1, hint="停车同步和待积分查询需要，未分配可留空"))


class ShopForm(forms.Form):
    """What the circle calls a store."""

    numbers = fields.Maybe(
        fields.Lines("圈店编号", most=shops.MOST_LETTERS, hint="一行一个，与微信支付商圈平台上填写的一致")
    )


@blueprint.get("")
@mall_required("circle.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The circle, how many let it tell of their payments, and the stores with their shops' numbers."""
    circle = circles.find_of_mall(workspace.mall.id)
    return views.page(
        SHOPS,
        workspace,
        "circle",
        circle=circle,
        form=CircleForm,
        members=authorisations.count_on(circle.mchid) if circle else 0,
        notice_url=context.settings().public_url + NOTICE_PATH,
    )


@blueprint.post("")
@mall_required("circle.manage")
def set_up(workspace: Workspace) -> ResponseReturnValue:
    """Let the mall be this circle."""
    form = CircleForm.read()

    def act() -> str:
        now, mall = clock.now(), workspace.mall
        circles.set_up(mall.id, mchid=form.mchid, brand_id=form.brand_id, by=workspace.who.actor.name, now=now)
        workspace.record("circle.set_up", f"mall:{mall.id}", now=now, facts=form.typed())
        pages.say("商圈设置已保存")
        return f"{workspace.base}/circle"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.get("/notices")
@mall_required("circle.view")
def notices_page(workspace: Workspace) -> ResponseReturnValue:
    """What was told, the latest first."""
    return views.page(NOTICES, workspace, "circle_notices")


@blueprint.get("/stores/<code>")
@mall_required("circle.view")
def shop_page(workspace: Workspace, code: str) -> ResponseReturnValue:
    """What the circle calls one store."""
    store, merchant = directory_queries.get_store(code, visible=workspace.condition("circle.view", Store.mall_id))
    numbers = aliases.list_codes(workspace.mall.id, circles.SOURCE).get(store.id, ())
    return render_template(
        "console/circle_shop.html", store=store, merchant=merchant, numbers="\n".join(numbers), form=ShopForm
    )


@blueprint.post("/stores/<code>")
@mall_required("circle.manage")
def name_shops(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Say what the circle calls a store; receipts that waited for it follow."""
    form = ShopForm.read()
    numbers = shops.spell((form.numbers or "").splitlines())

    def act() -> str:
        store, _ = directory_queries.get_store(code, visible=workspace.condition("circle.manage", Store.mall_id))
        now = clock.now()
        if shops.name(store, numbers, by=workspace.who.actor.name, now=now):
            facts = {"numbers": numbers}
            workspace.record("circle.name_shops", f"store:{store.id}", now=now, facts=facts, store_id=store.id)
        pages.say(f"「{store.name}」的圈店编号已保存")
        return f"{workspace.base}/circle"

    return pages.submit(workspace.who, {"store": code, **form.typed()}, act)
