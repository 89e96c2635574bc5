"""The mall's stores and merchants: list, add, change."""

import re
from dataclasses import asdict

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.access.scopes import Place
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.lists.keyset import Asked
from app.malls import directory, directory_queries
from app.malls import queries as malls
from app.malls.directory import StoreFacts
from app.malls.models import Merchant, Store
from app.malls.wording import CATEGORIES
from app.pictures import queries as pictures
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.kit.listing import views
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.stores.merchant_list import MERCHANTS
from mall_console.stores.store_list import STORES

blueprint = Blueprint("stores", __name__, url_prefix="/stores", template_folder="templates")

MOST_STORES_SHOWN = 1_000


class MerchantElsewhere(DomainError):
    """The merchant has stores in malls that the person does not keep, or was added in one."""

    kind = "forbidden"
    code = "merchant_elsewhere"


class StorePhone(fields.Text):
    """A number to call, as it is printed: landline with or without extension, mobile, 400."""

    input_type = "tel"

    def read(self, text: str) -> str:
        """The number; raises FieldInvalid."""
        value = super().read(text)
        if not re.fullmatch(r"\+?[0-9][0-9 \-]{2,16}([转x#][0-9]{1,5})?", value):
            raise self.refuse("请填写电话号码，例如 021-5555 0123 或 400-800-1234转2")
        return value


class StoreForm(forms.Form):
    """What is known of a store."""

    name = fields.Text("门店名称", most=40)
    floor = fields.Text("楼层", most=10, placeholder="例如 4F、B1")
    category = fields.Choice("业态", CATEGORIES)
    opens = fields.Maybe(fields.MinuteOfDay("开门时间"))
    closes = fields.Maybe(fields.MinuteOfDay("打烊时间", hint="早于开门时间表示营业到次日，相同表示全天"))
    phone = fields.Maybe(StorePhone("门店电话", most=24, hint="会员可以直接拨打", placeholder="021-5555 0123"))
    about = fields.Maybe(fields.Lines("门店介绍", most=120, hint="招牌、特色，一两句话"))

    def check(self) -> None:
        """Hours have a beginning and an end."""
        if (self.opens is None) != (self.closes is None):
            raise StoreForm.closes.refuse("开门和打烊时间要一起填写，或都留空")

    def facts(self, *, active: bool) -> StoreFacts:
        """The facts that were typed."""
        return StoreFacts(
            name=self.name,
            floor=self.floor,
            category_code=self.category,
            active=active,
            opens_minute=self.opens,
            closes_minute=self.closes,
            phone=self.phone,
            about=self.about,
        )


class NewStore(StoreForm):
    """A new store of a merchant."""

    code = fields.Identifier("门店编号", most=30, hint="与收银系统一致，全集团不重复")
    merchant = fields.Text("商户", most=30, hint="没有？先到「商户」添加")


class ChangedStore(StoreForm):
    """Other facts of a store."""

    active = fields.Choice("营业状态", {"yes": "营业中", "no": "已停业"})


class MerchantName(forms.Form):
    """What a merchant is called."""

    name = fields.Text("商户名称", most=40)


class NewMerchant(MerchantName):
    """A new merchant."""

    code = fields.Identifier("商户编号", most=30, hint="全集团不重复，会出现在结算单号里")


@blueprint.get("")
@mall_required("store.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's stores, the newest first."""
    return views.page(STORES, workspace, "stores")


@blueprint.get("/new")
@mall_required("store.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new store."""
    found = directory_queries.list_merchants(workspace.mall.id, asked=Asked(MOST_STORES_SHOWN))
    options = [(merchant.code, merchant.name) for merchant, _ in found]
    return render_template("console/store_edit.html", form=NewStore, store=None, options=options)


@blueprint.post("")
@mall_required("store.manage")
def create(workspace: Workspace) -> ResponseReturnValue:
    """A new store of a merchant."""
    form = NewStore.read()
    facts = form.facts(active=True)

    def act() -> str:
        now = clock.now()
        merchant = directory_queries.get_merchant(workspace.mall.id, form.merchant)
        mall = malls.get_mall(workspace.mall.id)
        store = directory.add_store(form.code, mall=mall, merchant=merchant, facts=facts, now=now)
        told = {"code": form.code, **asdict(facts)}
        workspace.record("store.create", f"store:{store.id}", now=now, facts=told, merchant_id=merchant.id)
        pages.say(f"已添加门店「{store.name}」。有合同条款后才能核销和记账")
        return f"{workspace.base}/stores"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.get("/<code>")
@mall_required("store.view")
def store_page(workspace: Workspace, code: str) -> ResponseReturnValue:
    """One store, to be changed by who may."""
    store, merchant = directory_queries.get_store(code, visible=workspace.condition("store.view", Store.mall_id))
    return render_template(
        "console/store_edit.html",
        form=ChangedStore,
        store=store,
        merchant=merchant,
        shown=pictures.shown_by("store", store.id),
    )


@blueprint.post("/<code>")
@mall_required("store.manage")
def change(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Change a store; the points rate holds for purchases from now on."""
    form = ChangedStore.read()
    facts = form.facts(active=form.active == "yes")

    def act() -> str:
        store, merchant = directory_queries.get_store(code, visible=workspace.condition("store.manage", Store.mall_id))
        if directory.change_store(store, facts):
            workspace.record(
                "store.change",
                f"store:{store.id}",
                now=clock.now(),
                facts=asdict(facts),
                merchant_id=merchant.id,
                store_id=store.id,
            )
        pages.say(f"门店「{store.name}」已保存")
        return f"{workspace.base}/stores"

    return pages.submit(workspace.who, {"store": code, **form.typed()}, act)


@blueprint.get("/merchants")
@mall_required("store.view")
def merchants_page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's merchants, and those that have no store anywhere yet."""
    return views.page(MERCHANTS, workspace, "merchants", form=NewMerchant)


@blueprint.get("/merchants/<code>")
@mall_required("store.view")
def merchant_page(workspace: Workspace, code: str) -> ResponseReturnValue:
    """One merchant: its stores here, its terms, another name for it."""
    merchant = directory_queries.get_merchant(workspace.mall.id, code)
    own = (Store.mall_id == workspace.mall.id, Store.merchant_id == merchant.id)
    found = directory_queries.list_stores(*own, asked=Asked(MOST_STORES_SHOWN))
    return render_template(
        "console/merchant.html",
        merchant=merchant,
        stores=[store for store, _ in found],
        form=MerchantName,
        may_rename=_keeps(workspace, merchant),
    )


@blueprint.post("/merchants")
@mall_required("store.manage")
def create_merchant(workspace: Workspace) -> ResponseReturnValue:
    """A new merchant; stores come next."""
    form = NewMerchant.read()

    def act() -> str:
        now = clock.now()
        merchant = directory.add_merchant(form.code, name=form.name, mall_id=workspace.mall.id, now=now)
        subject = f"merchant:{merchant.id}"
        workspace.record("merchant.create", subject, now=now, facts=form.typed(), merchant_id=merchant.id)
        pages.say(f"已添加商户「{form.name}」，接下来请添加门店")
        return f"{workspace.base}/stores/merchants"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.post("/merchants/<code>")
@mall_required("store.manage")
def rename_merchant(workspace: Workspace, code: str) -> ResponseReturnValue:
    """Another name for a merchant that is kept by the person's malls alone: it is one row for all malls."""
    name = MerchantName.read().name

    def act() -> str:
        merchant = directory_queries.get_merchant(workspace.mall.id, code)
        if not _keeps(workspace, merchant):
            raise MerchantElsewhere
        facts = {"before": merchant.name, "name": name}
        subject = f"merchant:{merchant.id}"
        if directory.rename_merchant(merchant, name=name):
            workspace.record("merchant.rename", subject, now=clock.now(), facts=facts, merchant_id=merchant.id)
        pages.say(f"商户已改名为「{name}」")
        return f"{workspace.base}/stores/merchants/{code}"

    return pages.submit(workspace.who, {"merchant": code, "name": name}, act)


def _keeps(workspace: Workspace, merchant: Merchant) -> bool:
    """Whether the person manages stores in every mall that keeps the merchant; in the group where none is known."""
    malls_of = directory_queries.list_malls_of(merchant)
    return all(workspace.who.scope.permits("store.manage", Place(mall_id=mall_id)) for mall_id in malls_of)
