"""The rules of earning of a mall: in words, as versions, on a form with a sum to try them on."""

from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.lifecycle.segments import queries as segments
from app.lifecycle.segments.models import Segment
from app.malls import queries as malls
from app.malls.wording import CATEGORIES
from app.points.earning import documents, rule_sets, wording
from app.points.earning.extras import SegmentExtra, Spending
from app.points.earning.models import EarningRules
from app.points.earning.rules import Rules, break_down
from app.tiers.ladders import ladders
from app.web.forms import fields, forms
from app.web.forms.fields import Maybe
from mall_console.kit import versions
from mall_console.kit.versions import Changed
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.points import earning_forms
from mall_console.points.earning_forms import BaseForm, Known

blueprint = Blueprint("earning", __name__, url_prefix="/points/rules", template_folder="templates")


class Example(forms.Form):
    """A purchase to try rules on."""

    example_sum = fields.Hundredths("消费金额", least=1, most=10_000_000, unit="元")
    example_store = fields.Raw("门店", most=40)
    example_tier = fields.Raw("等级", most=40)
    example_day = Maybe(fields.Day("消费日期"))
    example_is = fields.Several("会员情况")


@blueprint.get("")
@mall_required("earning.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """What spending earns today, in words, and every version there was and will be."""
    known, today = _known(workspace), clock.business_date(clock.now())
    found = rule_sets.list_versions(workspace.mall.id)
    return render_template(
        "console/earning.html",
        lines=_say(rule_sets.in_force(workspace.mall.id, today), known),
        listed=versions.listed(found, now=today, begun=today),
        say=lambda version: _say(documents.to_rules(version.document), known),
        default=_say(rule_sets.DEFAULT, known),
        default_standing=versions.REPLACED if any(one.effective_from <= today for one in found) else versions.IN_FORCE,
    )


@blueprint.get("/new")
@mall_required("earning.manage")
def new(workspace: Workspace) -> ResponseReturnValue:
    """The form for the next version, beginning with what the latest one says."""
    known = _known(workspace)
    latest = rule_sets.list_versions(workspace.mall.id, limit=1)
    rules = documents.to_rules(latest[0].document) if latest else rule_sets.DEFAULT
    return render_template(
        "console/earning_new.html",
        form={field.name: field for field in earning_forms.form_for(known).fields},
        start=BaseForm.start(),
        rules=rules,
        shown=earning_forms.shown(rules),
        known=known,
        days=earning_forms.DAY_OPTIONS,
        campaigns=earning_forms.CAMPAIGNS,
        segments=earning_forms.SEGMENTS,
        example=Example,
    )


@blueprint.post("/example")
@mall_required("earning.manage")
def example(workspace: Workspace) -> ResponseReturnValue:
    """What the typed rules give for the purchase beside them."""
    known = _known(workspace)
    try:
        rules, asked = earning_forms.to_rules(earning_forms.form_for(known).read(), known), Example.read()
    except (forms.FieldInvalid, forms.FormInvalid):
        return render_template("console/_earning_example.html", found=None)
    day = asked.example_day or clock.business_date(clock.now())
    found = break_down(_spending(workspace, asked, day), rules, day=day)
    return render_template("console/_earning_example.html", found=found, words=wording)


@blueprint.post("")
@mall_required("earning.manage")
def publish(workspace: Workspace) -> ResponseReturnValue:
    """Let the rules hold from a coming day on."""
    known = _known(workspace)
    form = earning_forms.form_for(known).read()
    rules = earning_forms.to_rules(form, known)

    def change(now: datetime) -> Changed:
        by = workspace.who.name
        version = rule_sets.publish(workspace.mall.id, rules, effective_from=form.effective_from, by=by, now=now)
        return _changed(version, known, f"新的积分规则将自 {form.effective_from} 起生效", is_change=version.is_new)

    return versions.submit(workspace, "earning.publish", form.typed(), change, back=_list(workspace))


@blueprint.post("/<int:version_id>/withdraw")
@mall_required("earning.manage")
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""
    known = _known(workspace)

    def change(now: datetime) -> Changed:
        gone = rule_sets.withdraw(workspace.mall.id, version_id, now=now)
        return _changed(gone, known, f"自 {gone.effective_from} 起的积分规则已撤回")

    return versions.submit(workspace, "earning.withdraw", {"version": version_id}, change, back=_list(workspace))


def _changed(version: EarningRules, known: Known, said: str, *, is_change: bool = True) -> Changed:
    lines = _say(documents.to_rules(version.document), known)
    return Changed(
        subject=f"earning_rules:{version.id}",
        day=version.effective_from,
        facts={"rules": lines},
        said=said,
        is_change=is_change,
    )


def _known(workspace: Workspace) -> Known:
    stores = malls.list_stores(mall_id=workspace.mall.id)
    named = (one.document["category_rates_bps"] for one in rule_sets.list_versions(workspace.mall.id))
    used = {store.category_code for store in stores}.union(*named)
    nightly = segments.list_segments(
        segments.seen_in(workspace.mall.id), Segment.is_nightly.is_(True), Segment.archived_at.is_(None)
    )
    return Known(
        categories={code: name for code, name in CATEGORIES.items() if code in used},
        stores={store.code: store.name for store in stores},
        tiers=ladders.list_names(clock.business_date(clock.now())),
        segments={segment.public_id: segment.title for segment in nightly},
    )


def _say(rules: Rules, known: Known) -> list[str]:
    """As members read them, and which segments are meant."""
    lines = wording.say(rules, stores=known.stores, categories=known.categories)
    meant = [extra.title for extra in rules.extras if isinstance(extra, SegmentExtra)]
    return [*lines, f"受邀会员指人群：{'、'.join(meant)}。"] if meant else lines


def _spending(workspace: Workspace, asked: Example, day: date) -> Spending:
    stores = {store.code: store for store in malls.list_stores(mall_id=workspace.mall.id)}
    store = stores.get(asked.example_store)
    return Spending(
        amount_fen=asked.example_sum,
        store_code=asked.example_store,
        category_code="" if store is None else store.category_code,
        tier_code=asked.example_tier,
        birthday=day if "birthday" in asked.example_is else None,
        is_first="first" in asked.example_is,
        segments=set(request.form.getlist("example_segments")),
    )


def _list(workspace: Workspace) -> str:
    return f"{workspace.base}/points/rules"
