"""Campaigns: the list with its counts, making one, pausing and resuming it, and what triggers grant in which order."""

from dataclasses import asdict
from datetime import date
from typing import assert_never

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import campaigns, wording
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.models import Campaign, CampaignKind
from app.benefits.coupons import counts
from app.benefits.grants import grants
from app.benefits.grants import queries as grants_queries
from app.benefits.grants import wording as grants_wording
from app.kernel import clock, money
from app.web import filters
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.benefits.offers import OfferForm
from mall_console.kit import paging, stores
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns", template_folder="templates")


class GrantsForm(forms.Form):
    """What a trigger grants; the position of each campaign stands beside it."""

    trigger = fields.Choice("触发", grants_wording.TRIGGERS)
    campaign = fields.Several("活动")


POSITION = fields.Whole("顺序", least=1, most=99)


@blueprint.get("")
@mall_required("campaign.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's campaigns, the newest first."""
    rows = counts.list_counted(workspace.condition("campaign.view", Campaign.mall_id), asked=paging.asked())
    return paging.render_list("campaigns", rows=rows, kinds=wording.KINDS)


@blueprint.get("/new")
@mall_required("campaign.manage")
def new_page(workspace: Workspace) -> ResponseReturnValue:
    """The form for a new campaign."""
    return render_template("console/campaign_new.html", form=OfferForm, stores=stores.options(workspace))


@blueprint.post("")
@mall_required("campaign.manage")
def create(workspace: Workspace) -> ResponseReturnValue:
    """Make a campaign; its terms hold for coupons from now on and never change."""
    form = OfferForm.read()
    offer, store_ids = form.offer(), _store_ids(workspace, form)

    def act() -> str:
        now = clock.now()
        made = campaigns.create(workspace.mall.id, form.code, offer, store_ids=store_ids, now=now)
        facts = {**asdict(offer), "valid_from": _iso(offer.valid_from), "valid_until": _iso(offer.valid_until)}
        workspace.record("campaign.create", f"campaign:{made.id}", now=now, facts={"code": form.code, **facts})
        pages.say(f"「{made.title}」已创建。要发给会员，请在「发放规则」中选上它")
        return f"{workspace.base}/campaigns/{made.public_id}"

    return pages.submit(workspace.who, form.typed(), act)


@blueprint.get("/<public_id>")
@mall_required("campaign.view")
def campaign_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One campaign: its terms, its counts, where it holds."""
    campaign = _get(workspace, public_id, "campaign.view")
    [counted] = counts.count_coupons([campaign])
    return render_template(
        "console/campaign.html",
        campaign=campaign,
        counted=counted,
        kinds=wording.KINDS,
        gives=_gives(campaign),
        stores=campaign_queries.list_stores([campaign.id]).get(campaign.id, []),
    )


def _gives(campaign: Campaign) -> list[tuple[str, str]]:
    """What a coupon gives: labels and values."""
    face = filters.yuan(campaign.face_fen)
    match CampaignKind(campaign.kind):
        case CampaignKind.CASH | CampaignKind.GIFT:
            return [("面额", face)]
        case CampaignKind.DISCOUNT:
            return [("折扣", f"{(money.BPS - campaign.discount_bps) / 1000:g} 折"), ("最高优惠", face)]
        case CampaignKind.PARKING:
            return [("抵扣时长", filters.minutes_text(campaign.parking_minutes)), ("面额", face)]
        case never:
            assert_never(never)


@blueprint.post("/<public_id>/pause")
@mall_required("campaign.manage")
def pause(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Issue no more coupons; what members hold stays theirs."""
    return _set_active(workspace, public_id, active=False)


@blueprint.post("/<public_id>/resume")
@mall_required("campaign.manage")
def resume(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Issue coupons again."""
    return _set_active(workspace, public_id, active=True)


def _set_active(workspace: Workspace, public_id: str, *, active: bool) -> ResponseReturnValue:
    def act() -> str:
        campaign = _get(workspace, public_id, "campaign.manage")
        campaigns.set_active(campaign, active=active)
        action = "campaign.resume" if active else "campaign.pause"
        workspace.record(action, f"campaign:{campaign.id}", now=clock.now())
        pages.say(f"「{campaign.title}」" + ("已恢复发放" if active else "已暂停发放，会员手里的券照常可用"))
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {}, act)


@blueprint.get("/grants")
@mall_required("campaign.view")
def grants_page(workspace: Workspace) -> ResponseReturnValue:
    """What joining and the first-order task give, in which order."""
    mall_id = workspace.mall.id
    rules = {trigger: grants_queries.list_rules(mall_id, trigger=trigger) for trigger in grants_wording.TRIGGERS}
    found = campaign_queries.list_campaigns(mall_id)
    return render_template(
        "console/grants.html", triggers=grants_wording.TRIGGERS, rules=rules, campaigns=found, kinds=wording.KINDS
    )


@blueprint.post("/grants")
@mall_required("campaign.manage")
def set_grants(workspace: Workspace) -> ResponseReturnValue:
    """Let a trigger grant the ticked campaigns in the typed order, and no others."""
    form = GrantsForm.read()
    trigger = form.trigger
    own = {campaign.public_id: campaign for campaign in campaign_queries.list_campaigns(workspace.mall.id)}
    order = {one: POSITION.read(request.form.get(f"position-{one}", "")) for one in form.campaign if one in own}

    def act() -> str:
        for public_id, campaign in own.items():
            if public_id in order:
                grants.grant_on(workspace.mall.id, trigger, campaign.id, position=order[public_id])
            else:
                grants.stop_granting(workspace.mall.id, trigger, campaign.id)
        facts = {"trigger": trigger, "order": {own[one].code: place for one, place in order.items()}}
        subject = f"trigger:{workspace.mall.code}:{trigger}"
        workspace.record("campaign.set_grants", subject, now=clock.now(), facts=facts)
        pages.say(f"{grants_wording.TRIGGERS[trigger][0]}的发放规则已保存")
        return f"{workspace.base}/campaigns/grants"

    return pages.submit(workspace.who, {"trigger": trigger, **order}, act)


def _get(workspace: Workspace, public_id: str, permission: str) -> Campaign:
    return campaign_queries.get_campaign(public_id, visible=workspace.condition(permission, Campaign.mall_id))


def _store_ids(workspace: Workspace, form: OfferForm) -> list[int] | None:
    """The chosen stores of this mall; None when the campaign holds in all of them. Raises FieldInvalid."""
    if form.where == "all":
        return None
    return [store.id for store in stores.list_chosen(workspace, OfferForm.store, form.store)]


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
