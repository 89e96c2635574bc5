"""The rules of earning of a mall: in words, as versions, on a form with a sum to try them on."""

from datetime import date
from functools import partial

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock, money
from app.malls import queries as malls
from app.points.earning import documents, rule_sets, wording
from app.points.earning.extras import Spending
from app.points.earning.models import EarningRules
from app.points.earning.rules import Rules, break_down
from app.points.rehearsals import rehearsals
from app.points.rehearsals.models import EarningRehearsal
from app.points.rehearsals.results import Result
from app.web.forms import fields, forms
from app.web.forms.fields import Maybe
from mall_console.kit import inquiries, versions
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.points import earning_forms
from mall_console.points.earning_words import Known, known_in, say

blueprint = Blueprint("earning", __name__, url_prefix="/points/rules", template_folder="templates")

SETTING = Setting(
    kind="earning_rules",
    publish_action="earning.publish",
    withdraw_action="earning.withdraw",
    path="/points/rules",
)


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
    known, today = known_in(workspace), clock.business_date(clock.now())
    found = rule_sets.list_versions(workspace.mall.id)
    asked = rehearsals.list_latest(workspace.mall.id, now=clock.now())
    return render_template(
        "console/earning.html",
        lines=say(rule_sets.in_force(workspace.mall.id, today), known),
        **versions.history(found, now=today, default=say(rule_sets.DEFAULT, known)),
        say=lambda version: say(documents.to_rules(version.document), known),
        rehearsed=rehearsals.list_of([one.id for one in found]),
        recent=inquiries.listed(asked, rehearsals.published_of(asked), _result),
    )


def _result(rehearsal: EarningRehearsal) -> str:
    """By how much more or less would have been given, in a word."""
    if rehearsal.document == rehearsal.old_document:
        return "与当时的规则相同"
    found = Result.read(rehearsal.result)
    change = found.new.points - found.old.points
    if not change:
        return "发放积分不变" if found.new.payers == found.old.payers else "发放积分不变，承担方有调整"
    share = money.divide(abs(change) * money.BPS, found.old.points) / 100 if found.old.points > 0 else None
    return f"发放{'增加' if change > 0 else '减少'} {abs(change):,} 积分" + (f"（{share:.1f}%）" if share else "")


@blueprint.get("/new")
@mall_required("earning.manage")
def new(workspace: Workspace) -> ResponseReturnValue:
    """The form for the next version, beginning with what the latest one says."""
    known = known_in(workspace)
    rules = _begun_with(workspace)
    return render_template(
        "console/earning_new.html",
        form={field.name: field for field in earning_forms.form_for(known).fields},
        rules=rules,
        shown=earning_forms.shown(rules),
        known=known,
        days=earning_forms.DAY_OPTIONS,
        campaigns=earning_forms.CAMPAIGNS,
        segments=earning_forms.SEGMENTS,
        example=Example,
    )


def _begun_with(workspace: Workspace) -> Rules:
    """`?from=` what was rehearsed, else what the latest version says."""
    rehearsed = request.args.get("from")
    if rehearsed:
        return documents.to_rules(rehearsals.get(workspace.mall.id, rehearsed).document)
    latest = rule_sets.list_versions(workspace.mall.id, limit=1)
    return documents.to_rules(latest[0].document) if latest else rule_sets.DEFAULT


@blueprint.post("/example")
@mall_required("earning.manage")
def example(workspace: Workspace) -> ResponseReturnValue:
    """What the typed rules give for the purchase beside them."""
    known = known_in(workspace)
    try:
        rules, asked = earning_forms.to_rules(earning_forms.form_for(known).read(), known), Example.read()
    except (forms.FieldInvalid, forms.FormInvalid):
        return render_template("console/_earning_example.html", found=None)
    day = asked.example_day or clock.business_date(clock.now())
    found = break_down(_spending(workspace, asked, day), rules, day=day)
    return render_template("console/_earning_example.html", found=found, words=wording)


@blueprint.post("/<int:version_id>/withdraw")
@mall_required("earning.manage")
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a version whose day has not come."""
    facts = partial(facts_of, known_in(workspace))
    verb = partial(rule_sets.withdraw, workspace.mall.id)
    return SETTING.withdraw(workspace, version_id, verb, facts=facts, said="自 {} 起的积分规则已撤回")


def facts_of(known: Known, version: EarningRules) -> dict[str, object]:
    """What the audit log keeps of rules."""
    return {"rules": say(documents.to_rules(version.document), known)}


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
