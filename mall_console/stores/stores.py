"""The mall's stores and merchants: list, add, change."""

from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.malls import directory, directory_queries
from app.malls import queries as malls
from app.malls.directory import StoreFacts
from app.malls.models import Store
from app.web.pages import pages
from mall_console.kit import forms, paging
from mall_console.kit.desk import Desk, at_desk

blueprint = Blueprint("stores", __name__, url_prefix="/stores", template_folder="templates")

CATEGORIES = {
    "dining": "餐饮",
    "fashion": "服饰",
    "beauty": "美妆",
    "sports": "运动",
    "kids": "亲子",
    "cinema": "影音",
    "digital": "数码",
    "home": "家居",
    "parking": "停车",
    "service": "服务",
    "other": "其他",
}
MOST_STORES_SHOWN = 1_000


class MerchantElsewhere(DomainError):
    """The merchant has stores in malls that the person does not keep."""

    kind = "forbidden"
    code = "merchant_elsewhere"


@blueprint.get("")
@at_desk("store.view")
def page(desk: Desk) -> ResponseReturnValue:
    """The mall's stores, the newest first."""
    mark = paging.mark()
    found = directory_queries.list_stores(
        desk.condition("store.view", Store.mall_id),
        *([Store.id < mark[0]] if mark else []),
        limit=paging.ROWS + 1,
    )
    return paging.render_list("stores", rows=paging.cut(found, lambda row: [row[0].id]), categories=CATEGORIES)


@blueprint.get("/new")
@at_desk("store.manage")
def new_page(desk: Desk) -> ResponseReturnValue:
    """The form for a new store."""
    merchants = [merchant for merchant, _ in directory_queries.list_merchants(desk.mall.id, limit=MOST_STORES_SHOWN)]
    return render_template("console/store_edit.html", store=None, merchants=merchants, categories=CATEGORIES)


@blueprint.post("")
@at_desk("store.manage")
def create(desk: Desk) -> ResponseReturnValue:
    """A new store of a merchant."""
    code, merchant_code = forms.identifier("code", "门店编号", most=30), forms.text("merchant", "商户", most=30)
    facts = _facts(active=True)

    def act() -> str:
        now = clock.now()
        merchant = directory_queries.get_merchant(desk.mall.id, merchant_code)
        store = directory.add_store(code, mall=malls.get_mall(desk.mall.id), merchant=merchant, facts=facts, now=now)
        told = {"code": code, **asdict(facts)}
        desk.record("store.create", f"store:{store.id}", now=now, facts=told, merchant_id=merchant.id)
        pages.say(f"已添加门店「{store.name}」。有合同条款后才能核销和记账")
        return f"{desk.base}/stores"

    return pages.submit(desk.who, {"code": code, "merchant": merchant_code, **asdict(facts)}, act)


@blueprint.get("/<code>")
@at_desk("store.view")
def store_page(desk: Desk, code: str) -> ResponseReturnValue:
    """One store, to be changed by who may."""
    store, merchant = directory_queries.get_store(code, visible=desk.condition("store.view", Store.mall_id))
    return render_template("console/store_edit.html", store=store, merchants=[merchant], categories=CATEGORIES)


@blueprint.post("/<code>")
@at_desk("store.manage")
def change(desk: Desk, code: str) -> ResponseReturnValue:
    """Change a store; the points rate holds for purchases from now on."""
    facts = _facts(active=forms.choice("active", "营业状态", ("yes", "no")) == "yes")

    def act() -> str:
        store, merchant = directory_queries.get_store(code, visible=desk.condition("store.manage", Store.mall_id))
        directory.change_store(store, facts)
        desk.record(
            "store.change", f"store:{store.id}", now=clock.now(), facts=asdict(facts), merchant_id=merchant.id,
            store_id=store.id,
        )  # fmt: skip
        pages.say(f"门店「{store.name}」已保存")
        return f"{desk.base}/stores"

    return pages.submit(desk.who, {"store": code, **asdict(facts)}, act)


@blueprint.get("/merchants")
@at_desk("store.view")
def merchants_page(desk: Desk) -> ResponseReturnValue:
    """The mall's merchants, and those that have no store anywhere yet."""
    mark = paging.mark() or (0,)
    found = directory_queries.list_merchants(desk.mall.id, after_id=mark[0], limit=paging.ROWS + 1)
    return paging.render_list("merchants", rows=paging.cut(found, lambda row: [row[0].id]))


@blueprint.post("/merchants")
@at_desk("store.manage")
def create_merchant(desk: Desk) -> ResponseReturnValue:
    """A new merchant; stores come next."""
    code, name = forms.identifier("code", "商户编号", most=30), forms.text("name", "商户名称", most=40)

    def act() -> str:
        now = clock.now()
        merchant = directory.add_merchant(code, name=name, now=now)
        facts = {"code": code, "name": name}
        desk.record("merchant.create", f"merchant:{merchant.id}", now=now, facts=facts, merchant_id=merchant.id)
        pages.say(f"已添加商户「{name}」，接下来为它添加门店")
        return f"{desk.base}/stores/merchants"

    return pages.submit(desk.who, {"code": code, "name": name}, act)


@blueprint.post("/merchants/<code>")
@at_desk("store.manage")
def rename_merchant(desk: Desk, code: str) -> ResponseReturnValue:
    """Another name for a merchant all of whose stores the person keeps."""
    name = forms.text("name", "商户名称", most=40)

    def act() -> str:
        merchant = directory_queries.get_merchant(desk.mall.id, code)
        if directory_queries.has_stores_outside(
            merchant.id, desk.who.scope.condition("store.manage", mall_id=Store.mall_id)
        ):
            raise MerchantElsewhere
        facts = {"before": merchant.name, "name": name}
        directory.rename_merchant(merchant, name=name)
        now = clock.now()
        desk.record("merchant.rename", f"merchant:{merchant.id}", now=now, facts=facts, merchant_id=merchant.id)
        pages.say(f"商户已改名为「{name}」")
        return f"{desk.base}/stores/merchants"

    return pages.submit(desk.who, {"merchant": code, "name": name}, act)


def _facts(*, active: bool) -> StoreFacts:
    """The form's facts; points per yuan are typed with up to two decimals."""
    return StoreFacts(
        name=forms.text("name", "门店名称", most=40),
        floor=forms.text("floor", "楼层", most=10),
        category_code=forms.choice("category", "业态", CATEGORIES),
        points_rate_bps=forms.hundredths("points_rate", "每元积分", most=10_000) * 100,
        active=active,
    )
