"""The ladder: who stands on which tier, its versions, and the form for the next one with what it would say.

Members belong to the whole group, so the ladder is the group's: every mall sees it, and it is published
(`rehearsing.py`) and taken back by whoever keeps all malls.
"""

from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.errors import DomainError
from app.points.earning import rule_sets
from app.points.earning.extras import TierExtra
from app.tiers.ladders import documents, ladders, wording
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import Ladder
from app.tiers.rehearsals import rehearsals
from app.tiers.rehearsals.models import TierRehearsal
from app.tiers.standings import counting
from app.web.forms import forms
from mall_console.kit import everywhere, inquiries, versions
from mall_console.kit.inquiries import Listed
from mall_console.kit.versions import Setting
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tiers import ladder_forms

blueprint = Blueprint("tier_ladder", __name__, url_prefix="/tiers", template_folder="templates")

EDIT = "tier.manage"
SETTING = Setting(
    kind="tier_ladder",
    publish_action="tier.publish_ladder",
    withdraw_action="tier.withdraw_ladder",
    path="/tiers",
)


class LadderShared(DomainError):
    """The ladder holds in malls that the person does not keep."""

    kind = "forbidden"
    code = "tier_ladder_shared"


@blueprint.get("")
@mall_required("tier.view")
def page(workspace: Workspace) -> ResponseReturnValue:
    """The ladder in force with who stands where, and every version there was and will be."""
    now = clock.now()
    today = clock.business_date(now)
    ladder, found = ladders.in_force(today), ladders.list_versions()
    return render_template(
        "console/tier_ladder.html",
        ladder=ladder,
        counts=counting.count_by_tier(workspace.mall.id, now=now),
        multipliers=_multipliers(workspace, ladder),
        lines=wording.period_lines(ladder),
        listed=versions.listed(found, now=today, begun=today),
        rehearsed=rehearsals.list_of([one.id for one in found]),
        recent=_recent(workspace, now) if workspace.can(EDIT) else [],
        say=_say,
        may_set=workspace.can(EDIT) and everywhere.may(workspace, EDIT),
    )


def _recent(workspace: Workspace, now: datetime) -> list[Listed[TierRehearsal]]:
    """What was rehearsed last here, and what of it the mall's members would see."""

    def result(rehearsal: TierRehearsal) -> str:
        mine = [one for one in rehearsals.groups_of(rehearsal) if one.mall_id == workspace.mall.id]
        first = sum(one.members for one in mine if one.now != one.first)
        last = sum(one.members for one in mine if one.now != one.last)
        return f"当天升级 {first:,} 位，一个有效期后变动 {last:,} 位" if first or last else "没有会员变动"

    asked = rehearsals.list_latest(workspace.mall.id, now=now)
    return inquiries.listed(asked, rehearsals.published_of(asked), result)


def _multipliers(workspace: Workspace, ladder: Ladder) -> dict[str, int]:
    """What the mall's rules of earning add for each tier, in basis points: they own it, this page shows it."""
    extras = rule_sets.in_force(workspace.mall.id, clock.business_date(clock.now())).extras
    added = {one.tier: one.bps for one in extras if isinstance(one, TierExtra)}
    return {rung.code: 10_000 + added.get(rung.code, 0) for rung in ladder.rungs}


def _say(version: TierLadder) -> list[str]:
    ladder = documents.to_ladder(version.document)
    return [wording.rung_lines(ladder), *wording.period_lines(ladder)[-1:]]


@blueprint.get("/new")
@mall_required(EDIT)
def new(workspace: Workspace) -> ResponseReturnValue:
    """The form for a ladder to rehearse, beginning with what the latest one says, or `?from=` a rehearsed one."""
    latest = ladders.list_dated()[0].ladder
    form, tried = ladder_forms.form_for(latest), request.args.get("from")
    shown = documents.to_ladder(rehearsals.get(workspace.mall.id, tried).document) if tried else latest
    return render_template(
        "console/tier_ladder_new.html",
        form={field.name: field for field in form.fields},
        rows=ladder_forms.rows_of(latest, shown),
        ladder=shown,
        at_ends=wording.AT_END,
        may_set=everywhere.may(workspace, EDIT),
    )


@blueprint.post("/example")
@mall_required(EDIT)
def example(workspace: Workspace) -> ResponseReturnValue:
    """What members would read of the typed ladder."""
    try:
        ladder = ladder_forms.form_for(ladders.list_dated()[0].ladder).read().ladder()
    except (forms.FieldInvalid, forms.FormInvalid):
        return render_template("console/_tier_ladder_example.html", ladder=None)
    return render_template("console/_tier_ladder_example.html", ladder=ladder, lines=wording.period_lines(ladder))


@blueprint.post("/<int:version_id>/withdraw")
@mall_required(EDIT)
def withdraw(workspace: Workspace, version_id: int) -> ResponseReturnValue:
    """Take back a ladder whose day has not come."""
    ensure_keeps_all(workspace)
    return SETTING.withdraw(workspace, version_id, ladders.withdraw, facts=facts_of, said="自 {} 起的等级体系已撤回")


def facts_of(version: TierLadder) -> dict[str, object]:
    """What the audit log keeps of a ladder."""
    ladder = documents.to_ladder(version.document)
    return {"rungs": wording.rung_lines(ladder), "period": wording.period_lines(ladder)[-1]}


def ensure_keeps_all(workspace: Workspace) -> None:
    """Raises LadderShared for who does not keep every mall."""
    everywhere.ensure(workspace, EDIT, LadderShared())
