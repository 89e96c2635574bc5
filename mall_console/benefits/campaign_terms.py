"""Making a campaign, copying one, changing its terms, and adding to its stock."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import campaigns, wording
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.campaigns import Offer
from app.benefits.campaigns.models import Campaign
from app.benefits.stock import stock
from app.kernel import clock
from app.web import filters
from app.web.forms.forms import FieldInvalid
from app.web.pages import pages
from mall_console.benefits import asking, offers, planning, preview, terms
from mall_console.benefits.asking import Change
from mall_console.benefits.lists.holders import get
from mall_console.benefits.offers import OfferForm, RevisionForm, StockForm
from mall_console.kit import stores
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("campaign_terms", __name__, url_prefix="/campaigns", template_folder="templates")

MANAGE = "campaign.manage"
_ASKED = "asked"


@blueprint.get("/new")
@mall_required(MANAGE)
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new campaign; `?from=` another one, filled in with its terms."""
    model = request.args.get("from", "")
    original = get(workspace, model, MANAGE) if model else None
    typed = {**offers.NEW, **_typed(original)} if original else offers.NEW
    held = asking.find_typed(OfferForm) if _ASKED in request.args else None
    question = asking.find(held, []) if held else None
    return _form(workspace, "campaign_new", typed=typed, original=original, form=OfferForm, question=question)


@blueprint.post("")
@mall_required(MANAGE)
def create(workspace: Workspace) -> ResponseReturnValue:
    """Make a campaign; coupons keep the terms that they were issued with."""
    form = OfferForm.read()
    offer, store_ids = form.offer(), _store_ids(workspace, form)
    if asking.is_open(form, []):
        return _ask(f"{workspace.base}/campaigns/new")

    def act() -> str:
        now, code = clock.now(), campaigns.new_code()
        made = campaigns.create(workspace.mall.id, code, offer, store_ids=store_ids, now=now, by=workspace.who.name)
        workspace.record("campaign.create", f"campaign:{made.id}", now=now, facts={"code": code, **_facts(offer)})
        pages.say(f"「{made.title}」已创建。尚未发放给会员，请在「发放规则」中选择发放时机")
        return f"{workspace.base}/campaigns/{made.public_id}"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.post("/preview")
@mall_required(MANAGE)
def show(workspace: Workspace) -> ResponseReturnValue:
    """The coupon that the form would make, in words; nothing is changed."""
    return jsonify(preview.words(workspace, preview.read()))


@blueprint.get("/<public_id>/edit")
@mall_required(MANAGE)
def edit_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """The form with the campaign's terms as they are."""
    campaign = get(workspace, public_id, MANAGE)
    typed = {**_typed(campaign), **offers.typed_days(campaign)}
    held = asking.find_typed(RevisionForm) if _ASKED in request.args else None
    question = asking.find(held, _changes(workspace, campaign, held)) if held else None
    shown = {"typed": typed, "campaign": campaign, "kinds": wording.KINDS, "form": RevisionForm}
    return _form(workspace, "campaign_edit", question=question, **shown)


@blueprint.post("/<public_id>")
@mall_required(MANAGE)
def revise(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Change what the campaign gives from now on."""
    campaign = get(workspace, public_id, MANAGE)
    campaign_id = campaign.id
    form = RevisionForm.read(besides=lambda read: _removed(campaign, read))
    offer, store_ids = form.offer(), _store_ids(workspace, form)
    changes = _changes(workspace, campaign, form)
    is_free = campaign.changes_at is None and campaign.version == form.seen
    if is_free and changes and asking.is_open(form, changes):
        return _ask(f"{workspace.base}/campaigns/{public_id}/edit")
    moment = form.effective_from
    if moment is not None:
        return planning.plan(workspace, public_id, form, _facts(offer), moment=moment, store_ids=store_ids)

    def act() -> str:
        now = clock.now()
        revised = campaigns.revise(campaign_id, form.seen, offer, store_ids=store_ids, now=now, by=workspace.who.name)
        if revised.version == form.seen:
            pages.say("条款没有变化")
        else:
            facts = {"version": revised.version, **_facts(offer)}
            workspace.record("campaign.revise", f"campaign:{revised.id}", now=now, facts=facts)
            pages.say(f"「{revised.title}」已更新，对之后发出的券生效；已发出的券按原条款使用")
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {"campaign": public_id, **form.typed()}, act)


@blueprint.post("/<public_id>/stock")
@mall_required(MANAGE)
def add_stock(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """More coupons of the campaign."""
    campaign_id = get(workspace, public_id, MANAGE).id
    form = StockForm.read()

    def act() -> str:
        campaign = campaigns.lock(campaign_id)
        stock.add(campaign.id, form.added)
        workspace.record("campaign.add_stock", f"campaign:{campaign.id}", now=clock.now(), facts=form.typed())
        pages.say(f"「{campaign.title}」已追加 {form.added:,} 张")
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {"campaign": public_id, **form.typed()}, act)


def _form(workspace: Workspace, name: str, **shown: Any) -> ResponseReturnValue:
    return render_template(f"console/{name}.html", stores=stores.options(workspace), tiers=offers.tier_names(), **shown)


def _typed(campaign: Campaign) -> dict[str, str | list[str]]:
    held = campaign_queries.list_stores([campaign.id]).get(campaign.id, [])
    return offers.typed(campaign, [store.code for store in held])


def _store_ids(workspace: Workspace, form: OfferForm) -> list[int] | None:
    """The chosen stores of this mall; None when the campaign holds in all of them. Raises FieldInvalid."""
    if form.where == offers.EVERYWHERE:
        return None
    return [store.id for store in stores.list_chosen(workspace, OfferForm.store, form.store)]


def _ask(page: str) -> ResponseReturnValue:
    """To the form again, with what was typed and the question that it leaves open."""
    pages.keep_typed()
    return redirect(f"{page}?{_ASKED}=1", 303)


def _changes(workspace: Workspace, campaign: Campaign, form: RevisionForm) -> list[Change]:
    changes = asking.changes_of(campaign, form, _store_ids(workspace, form))
    if changes and form.effective_from is not None:
        changes.append(("生效时间", "", filters.local_time(form.effective_from, asking.MOMENT)))
    return changes


def _removed(campaign: Campaign, form: RevisionForm) -> Iterator[FieldInvalid]:
    """Stores that the campaign has and the form has not."""
    chosen, where = form.values.get("store"), form.values.get("where")
    if chosen is None or where != offers.SOMEWHERE:
        return
    if campaign.all_stores:
        yield RevisionForm.store.refuse("已发出的券在全部门店都能用，不能改为仅限部分门店；要减少门店，请复制为新活动")
        return
    gone = [
        store.name
        for store in campaign_queries.list_stores([campaign.id]).get(campaign.id, [])
        if store.code not in chosen
    ]
    if gone:
        yield RevisionForm.store.refuse(
            f"{'、'.join(gone)}不能取消：已发出的券还能在那里用，适用门店只能增加；要减少门店，请复制为新活动"
        )


def _facts(offer: Offer) -> dict[str, Any]:
    """The terms as the audit log keeps them."""
    said = asdict(offer) | {"tier_codes": terms.tiers(offer.tier_codes) if offer.tier_codes else None}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}
