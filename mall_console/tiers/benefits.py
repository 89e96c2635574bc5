"""What tiers give in the mall: in words, as versions, and the form for the next one with what members would read."""

from datetime import datetime
from functools import partial

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaigns
from app.benefits.tier_benefits import benefits, documents, wording
from app.benefits.tier_benefits.models import TierBenefits
from app.benefits.tier_benefits.rules import Benefits
from app.kernel import clock
from app.malls import queries as malls
from app.tiers.ladders import ladders
from app.web.forms import forms
from mall_console.kit import versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tiers import benefit_forms
from mall_console.tiers.benefit_forms import Known
from mall_console.tiers.ladder import EDIT

blueprint = Blueprint("tier_benefits", __name__, url_prefix="/tiers/benefits", template_folder="templates")

SETTING = Setting(
    kind="tier_benefits",
    publish_action="tier.publish_benefits",
    withdraw_action="tier.withdraw_benefits",
    path="/tiers/benefits",
)


@blueprint.get("")
@mall_required("tier.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What every tier gives today, and every version there was and will be."""
    today, known = clock.business_date(clock.now()), _known(workspace)
    found = benefits.list_versions(workspace.mall.id)
    return render_template(
        "console/tier_benefits.html",
        said=_say(benefits.in_force(workspace.mall.id, today), known),
        names=known.tiers,
        listed=versions.listed(found, now=today, begun=today),
        say=lambda version: _say(documents.to_benefits(version.document), known),
        may_set=workspace.can(EDIT),
    )


@blueprint.get("/new")
@mall_required(EDIT)
def new(workspace: Workspace) -> ResponseReturnValue:
    """The form for the next version, beginning with what the latest one says."""
    known, latest = _known(workspace), benefits.list_versions(workspace.mall.id, limit=1)
    said = documents.to_benefits(latest[0].document) if latest else benefits.NOTHING
    form = benefit_forms.form_for(known)
    return render_template(
        "console/tier_benefits_new.html",
        form={field.name: field for field in form.fields},
        start=form.start(),
        shown=benefit_forms.shown(said),
        known=known,
        priorities=benefit_forms.PRIORITY_OPTIONS,
        allowances=benefit_forms.ALLOWANCES,
        discounts=benefit_forms.DISCOUNTS,
    )


@blueprint.post("/example")
@mall_required(EDIT)
def example(workspace: Workspace) -> ResponseReturnValue:
    """What members would read of the typed benefits."""
    known = _known(workspace)
    try:
        typed = benefit_forms.form_for(known).read().benefits()
    except (forms.FieldInvalid, forms.FormInvalid):
        return render_template("console/_tier_benefits_example.html", said=None)
    return render_template("console/_tier_benefits_example.html", said=_say(typed, known), names=known.tiers)


@blueprint.post("")
@mall_required(EDIT)
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let tiers give this from a coming day on."""
    known = _known(workspace)
    form = benefit_forms.form_for(known).read()
    typed = form.benefits()

    def act(now: datetime) -> TierBenefits:
        by, day = workspace.who.name, form.effective_from
        return benefits.publish(workspace.mall.id, typed, effective_from=day, by=by, now=now)

    said = "新的等级权益将自 {} 起生效"
    return SETTING.publish(workspace, form.typed(), act, facts=partial(_facts, known), said=said)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""
    facts = partial(_facts, _known(workspace))
    verb = partial(benefits.withdraw, workspace.mall.id)
    return SETTING.withdraw(workspace, version_id, verb, facts=facts, said="自 {} 起的等级权益已撤回")


def _facts(known: Known, version: TierBenefits) -> dict[str, object]:
    told = _say(documents.to_benefits(version.document), known)
    return {"benefits": [f"{known.tiers[tier]}：{'、'.join(lines)}" for tier, lines in told.items() if lines]}


def _known(workspace: Workspace) -> Known:
    latest = ladders.list_dated()[0].ladder
    return Known(
        tiers={rung.code: rung.name for rung in latest.rungs},
        campaigns={one.public_id: one.title for one in campaigns.list_campaigns(workspace.mall.id)},
        stores={store.code: store.name for store in malls.list_stores(mall_id=workspace.mall.id)},
    )


def _say(said: Benefits, known: Known) -> dict[str, list[str]]:
    """What each tier gives in words, the lowest first."""
    return {tier: wording.say(said.of(tier), campaigns=known.campaigns, stores=known.stores) for tier in known.tiers}
