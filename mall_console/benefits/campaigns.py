"""Campaigns: the list with its counts, one with its days, pausing and resuming it, and what triggers grant in order."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import campaigns, rules, wording
from app.benefits.campaigns import queries as campaign_queries
from app.benefits.campaigns.models import Campaign
from app.benefits.coupons import campaign_sums, counts
from app.benefits.coupons.campaign_sums import CampaignDay
from app.benefits.grants import grants
from app.benefits.grants import queries as grants_queries
from app.benefits.grants import wording as grants_wording
from app.kernel import clock
from app.malls import queries as malls
from app.pictures import queries as pictures
from app.web.forms import fields, forms
from app.web.pages import pages
from mall_console.benefits import planning, promises, terms
from mall_console.benefits.lists.campaign_list import CAMPAIGNS, STATES
from mall_console.benefits.lists.holders import HOLDERS, get
from mall_console.benefits.offers import StockForm
from mall_console.kit.listing import batch, views
from mall_console.kit.workspace import Workspace, mall_required

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns", template_folder="templates")


class GrantsForm(forms.Form):
    """What a trigger grants, in the order of the page; where no script moves rows, `move` does: `up:…` or `down:…`.

    That it shall grant nothing at all is said by `nothing`, never by leaving everything out.
    """

    trigger = fields.Choice("触发", grants_wording.TRIGGERS)
    campaign = fields.Several("活动")
    nothing = fields.Maybe(fields.Choice("全部停发", {"yes": "全部停发"}))
    move = fields.Maybe(fields.Raw("移动", most=60))

    def check(self) -> None:
        """Something is ticked, or that nothing shall be."""
        if not self.campaign and not self.nothing:
            raise GrantsForm.campaign.refuse("请至少勾选一个活动；确实都不发时，请勾选「全部停发」")
        if self.campaign and self.nothing:
            raise GrantsForm.nothing.refuse("与勾选的活动只能选一种")

    def order(self, known: Collection[str]) -> list[str]:
        """The ticked campaigns, after the move; raises FieldInvalid for one that the mall does not have."""
        if not set(self.campaign) <= set(known):
            raise GrantsForm.campaign.refuse("有的活动已不在列表中，请刷新后重新勾选")
        way, _, moved = (self.move or "").partition(":")
        order = list(self.campaign)
        if moved in order:
            at = order.index(moved)
            order.insert(max(at + (-1 if way == "up" else 1), 0), order.pop(at))
        return order


CHART_DAYS = 30
TABS = {"terms": "概览", "coupons": "领取与使用", "versions": "修改记录"}


@blueprint.get("")
@mall_required("campaign.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The mall's campaigns, the newest first."""
    return views.page(CAMPAIGNS, workspace, "campaigns")


@blueprint.get("/<public_id>")
@mall_required("campaign.view")
def campaign_page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """One campaign: its counts and its days, and on other tabs who has its coupons and what was changed."""
    campaign = get(workspace, public_id, "campaign.view")
    tab = request.args.get("tab", "")
    tab = tab if tab in TABS else "terms"
    part = views.part_of(HOLDERS, workspace, key=public_id) if tab == "coupons" else None
    if part is not None:
        return part
    shown = {
        "campaign": campaign,
        "planned": planning.find(campaign),
        "tab": tab,
        "tabs": TABS,
        "promised": promises.named(promises.find([campaign])) if campaign.active else "",
        **_SHOWN[tab](workspace, campaign),
    }
    [counted] = counts.count_coupons([campaign])
    state = STATES[rules.state_on(campaign, clock.business_date(clock.now()))]
    return render_template("console/campaign.html", counted=counted, kinds=wording.KINDS, state=state, **shown)


def _terms(workspace: Workspace, campaign: Campaign) -> dict[str, Any]:
    held = None if campaign.all_stores else campaign_queries.list_stores([campaign.id]).get(campaign.id, [])
    places = None if held is None else [f"{store.floor} {store.name}" for store in held]
    today = clock.business_date(clock.now())
    days = campaign_sums.list_days(campaign, first=today - timedelta(days=CHART_DAYS - 1), last=today)
    return {
        "rows": terms.rows(campaign.kind, campaign, places),
        "chart": _chart(days),
        "is_quiet": not any(day.issued or day.redeemed for day in days),
        "discount_fen": sum(day.discount_fen for day in days),
        "form": StockForm,
        "granted_by": [grants_wording.TRIGGERS[trigger][0] for trigger in grants_queries.list_triggers(campaign.id)],
        "shown": pictures.shown_by("campaign", campaign.id),
    }


def _chart(days: list[CampaignDay]) -> dict[str, Any]:
    names = (("issued", "领取"), ("redeemed", "核销"))
    return {
        "days": [f"{day.day:%m-%d}" for day in days],
        "series": [
            {"name": label, "kind": "bar", "values": [getattr(day, name) for day in days]} for name, label in names
        ],
    }


def _holders(workspace: Workspace, campaign: Campaign) -> dict[str, Any]:
    return {"listed": views.listed(HOLDERS, workspace, key=campaign.public_id)}


def _versions(workspace: Workspace, campaign: Campaign) -> dict[str, Any]:
    found = campaign_queries.list_versions(campaign.id)
    ids = {store_id for one in found for store_id in one.store_ids or ()}
    changed = terms.changes(campaign.kind, found, malls.store_names_of(ids))
    return {"rows": list(zip(found, changed, strict=True))}


_SHOWN: dict[str, Callable[[Workspace, Campaign], dict[str, Any]]] = {
    "terms": _terms,
    "coupons": _holders,
    "versions": _versions,
}


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


@blueprint.post("/pause")
@mall_required("campaign.manage")
def pause_several(workspace: Workspace) -> ResponseReturnValue:
    """Issue no more coupons of the ticked campaigns."""
    return _set_several(workspace, active=False)


@blueprint.post("/resume")
@mall_required("campaign.manage")
def resume_several(workspace: Workspace) -> ResponseReturnValue:
    """Issue coupons of the ticked campaigns again."""
    return _set_several(workspace, active=True)


def _set_several(workspace: Workspace, *, active: bool) -> ResponseReturnValue:
    public_ids = batch.ticked()

    def act() -> str:
        now, action = clock.now(), "campaign.resume" if active else "campaign.pause"
        ticked = [get(workspace, public_id, "campaign.manage") for public_id in public_ids]
        for campaign in ticked:
            if campaigns.set_active(campaign, active=active):
                workspace.record(action, f"campaign:{campaign.id}", now=now)
        _say(f"已{'恢复' if active else '暂停'} {len(ticked)} 个活动的发放", ticked, active=active)
        return f"{workspace.base}/campaigns"

    return pages.submit(workspace.who, {"campaigns": public_ids}, act)


def _set_active(workspace: Workspace, public_id: str, *, active: bool) -> ResponseReturnValue:
    def act() -> str:
        campaign = get(workspace, public_id, "campaign.manage")
        action = "campaign.resume" if active else "campaign.pause"
        if campaigns.set_active(campaign, active=active):
            workspace.record(action, f"campaign:{campaign.id}", now=clock.now())
        said = "已恢复发放" if active else "已暂停发放，会员手里的券照常可用"
        _say(f"「{campaign.title}」{said}", [campaign], active=active)
        return f"{workspace.base}/campaigns/{public_id}"

    return pages.submit(workspace.who, {}, act)


def _say(done: str, changed: Sequence[Campaign], *, active: bool) -> None:
    """What was done, and which entrances may promise what is not given any more."""
    promised = "" if active else promises.named(promises.find(changed))
    pages.say(f"{done}。{promised}" if promised else done)


@blueprint.get("/grants")
@mall_required("campaign.view")
def grants_page(workspace: Workspace) -> ResponseReturnValue:
    """What joining and the first-order task give, in which order."""
    mall_id = workspace.mall.id
    rules = {trigger: grants_queries.list_rules(mall_id, trigger=trigger) for trigger in grants_wording.TRIGGERS}
    found = campaign_queries.list_campaigns(mall_id)
    last = len(found) + 1
    return render_template(
        "console/grants.html",
        triggers=grants_wording.TRIGGERS,
        rules=rules,
        campaigns=found,
        ordered={
            trigger: sorted(found, key=lambda one: (given.get(one.id, last), one.id))
            for trigger, given in rules.items()
        },
        kinds=wording.KINDS,
    )


@blueprint.post("/grants")
@mall_required("campaign.manage")
def set_grants(workspace: Workspace) -> ResponseReturnValue:
    """Let a trigger grant the ticked campaigns in the order they stand in, and no others."""
    form = GrantsForm.read()
    trigger = form.trigger
    own = {campaign.public_id: campaign for campaign in campaign_queries.list_campaigns(workspace.mall.id)}
    order = {one: place for place, one in enumerate(form.order(own), start=1)}

    def act() -> str:
        changed = [
            grants.grant_on(workspace.mall.id, trigger, campaign.id, position=order[public_id])
            if public_id in order
            else grants.stop_granting(workspace.mall.id, trigger, campaign.id)
            for public_id, campaign in own.items()
        ]
        if any(changed):
            facts = {"trigger": trigger, "order": {own[one].code: place for one, place in order.items()}}
            subject = f"trigger:{workspace.mall.code}:{trigger}"
            workspace.record("campaign.set_grants", subject, now=clock.now(), facts=facts)
        pages.say(f"{grants_wording.TRIGGERS[trigger][0]}的发放规则已保存")
        return f"{workspace.base}/campaigns/grants"

    return pages.submit(workspace.who, {"trigger": trigger, **order}, act)
