"""What another ladder would do to members before it holds: who moves where, what it costs; and publishing it after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.benefits.campaigns import queries as campaigns
from app.benefits.tier_benefits import benefits
from app.benefits.tier_benefits.rules import Benefits, TierGives, periods_a_year
from app.flows.tiers import rehearsing
from app.kernel import clock
from app.kernel.runs.inquiries import Asker
from app.points.earning import rule_sets as earning
from app.points.earning.extras import TierExtra
from app.tiers.growth import rule_sets as growth_rules
from app.tiers.ladders import documents, ladders, wording
from app.tiers.ladders.errors import LadderConflict
from app.tiers.ladders.models import TierLadder
from app.tiers.ladders.rules import Ladder
from app.tiers.rehearsals import rehearsals
from app.tiers.rehearsals.counting import Group, Parking
from app.tiers.rehearsals.models import TierRehearsal
from app.web.pages import pages
from app.workers.tiers import rehearsing as worker
from mall_console.kit import everywhere, inquiries
from mall_console.kit.versions import NewVersion
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.tiers import ladder_forms
from mall_console.tiers.ladder import EDIT, SETTING, ensure_keeps_all, facts_of

blueprint = Blueprint("tier_rehearsals", __name__, url_prefix="/tiers", template_folder="templates")


class PublishForm(NewVersion):
    """From which day on."""


@dataclass(frozen=True, slots=True)
class Move:
    """So many members go from one tier to another."""

    old: str
    new: str
    members: int
    is_up: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A tier's members now, on the first day, and in the end."""

    name: str
    now: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What a year of a mall's tier benefits comes to: coupons by their face in fen, and extra points."""

    coupons_fen: int
    points: int


@blueprint.post("")
@mall_required(EDIT)
def ask(workspace: Workspace) -> ResponseReturnValue:
    """Rehearse the typed ladder; nothing holds yet."""
    form = ladder_forms.form_for(ladders.list_dated()[0].ladder).read()
    ladder = form.ladder()

    def asking(by: Asker, now: datetime) -> TierRehearsal:
        return rehearsals.ask(ladder, by=by, now=now)

    pages_at = f"{workspace.base}/tiers/rehearsals"
    return inquiries.ask(workspace, form.typed(), asking, pages_at=pages_at, at_once=worker.STEPS)


@blueprint.get("/rehearsals/<public_id>")
@mall_required(EDIT)
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """How far it is and, once it is whole, what was found of the mall's members, or of the group's."""
    found = rehearsals.get(workspace.mall.id, public_id)
    if pages.is_part():
        return inquiries.progress(found, "console/_tier_rehearsing.html", rehearsal=found)
    old, new = (documents.to_ladder(one) for one in (found.old_document, found.document))
    return render_template(
        "console/tier_rehearsal.html",
        rehearsal=found,
        new=new,
        lines=wording.period_lines(new),
        is_outdated=ladders.in_force(clock.business_date(clock.now())) != old,
        is_published=rehearsals.is_published(found),
        form=PublishForm,
        may_set=everywhere.may(workspace, EDIT),
        **(_shown(workspace, found, old, new) if found.done_at else {}),
    )


def _shown(workspace: Workspace, found: TierRehearsal, old: Ladder, new: Ladder) -> dict[str, Any]:
    is_group = request.args.get("of") == "group" and workspace.who.scope.mall_ids is None
    groups = [one for one in rehearsals.groups_of(found) if is_group or one.mall_id == workspace.mall.id]
    names = {rung.code: rung.name for ladder in (old, new) for rung in ladder.rungs}
    mine = [one for one in groups if one.mall_id == workspace.mall.id]
    return {
        "is_group": is_group,
        "has_choice": workspace.who.scope.mall_ids is None,
        "total": sum(one.members for one in groups),
        "standings": _standings(groups, new, names),
        "first_moves": _moves(groups, "first", new, names),
        "last_moves": _moves(groups, "last", new, names),
        "costs": [_costs(workspace, mine, state) for state in ("now", "first", "last")],
        "parking": _parking(workspace, found),
        "parking_days": rehearsing.DAYS,
    }


def _parking(workspace: Workspace, found: TierRehearsal) -> Parking | None:
    """What the mall would have paid for movers' stays; None of a rehearsal that did not count them."""
    counted = rehearsals.parking_of(found)
    if counted is None:
        return None
    mine = (one for one in counted if one.mall_id == workspace.mall.id)
    return next(mine, Parking(workspace.mall.id, stays=0, now_fen=0, first_fen=0, last_fen=0))


def _standings(groups: Sequence[Group], new: Ladder, names: Mapping[str, str]) -> list[Standing]:
    counts: dict[str, Counter[str]] = {state: Counter() for state in ("now", "first", "last")}
    for one in groups:
        for state, counted in counts.items():
            counted[getattr(one, state)] += one.members
    return [Standing(names[rung.code], *(counts[state][rung.code] for state in counts)) for rung in reversed(new.rungs)]


def _moves(groups: Sequence[Group], state: str, new: Ladder, names: Mapping[str, str]) -> list[Move]:
    counted = Counter[tuple[str, str]]()
    for one in groups:
        counted[one.now, getattr(one, state)] += one.members
    return [
        Move(names[old], names[then], members, new.rank_of(then) > new.rank_of(old))
        for (old, then), members in counted.most_common()
        if old != then
    ]


def _costs(workspace: Workspace, groups: Sequence[Group], state: str) -> Costs:
    """By what the mall gives each tier today; what was earned tells what was spent."""
    today = clock.business_date(clock.now())
    gives = benefits.in_force(workspace.mall.id, today)
    more = {
        one.tier: one.bps for one in earning.in_force(workspace.mall.id, today).extras if isinstance(one, TierExtra)
    }
    per_yuan = growth_rules.in_force(today).spend_bps or 10_000
    faces = _faces(workspace, gives)
    return Costs(
        coupons_fen=sum(one.members * _face_a_year(gives.of(getattr(one, state)), faces) for one in groups),
        points=sum(one.growth * more.get(getattr(one, state), 0) // per_yuan for one in groups),
    )


def _faces(workspace: Workspace, gives: Benefits) -> dict[str, int]:
    if not gives.has_allowances:
        return {}
    return {one.public_id: one.face_fen for one in campaigns.list_campaigns(workspace.mall.id)}


def _face_a_year(gives: TierGives, faces: Mapping[str, int]) -> int:
    return sum(one.number * periods_a_year(one.rhythm) * faces.get(one.campaign, 0) for one in gives.allowances)


@blueprint.post("/rehearsals/<public_id>")
@mall_required(EDIT)
def publish(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let a ladder that was rehearsed hold from a coming day on; the rehearsal stays with it."""
    ensure_keeps_all(workspace)
    form, groups = PublishForm.read(), rehearsals.groups_of(rehearsals.get(workspace.mall.id, public_id))

    def act(now: datetime) -> TierLadder:
        by, day = workspace.who.name, form.effective_from
        try:
            return rehearsals.publish(workspace.mall.id, public_id, effective_from=day, by=by, now=now)
        except LadderConflict:
            raise PublishForm.effective_from.refuse("这一天已有另一套等级体系：先撤回它，或选择别的日期") from None

    def facts(version: TierLadder) -> dict[str, object]:
        return facts_of(version) | {"would_rise": sum(one.members for one in groups if one.now != one.first)}

    typed = form.typed() | {"rehearsal": public_id}
    return SETTING.publish(workspace, typed, act, facts=facts, said="新的等级体系将自 {} 起生效")
