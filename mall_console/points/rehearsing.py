"""What other rules of earning would have done in the last 90 days, beside those in force; and publishing them after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.flows.points import rehearsing
from app.identity import queries as identity
from app.insights.points import queries as figures
from app.insights.points import rules as rate_rules
from app.kernel import clock, money
from app.kernel.runs.inquiries import Asker
from app.malls import queries as malls
from app.points.earning import documents, rule_sets
from app.points.earning.errors import EarningRulesConflict
from app.points.earning.extras import KINDS, Extra, Payer
from app.points.earning.models import EarningRules
from app.points.earning.rules import Rules
from app.points.earning.wording import PAYERS
from app.points.proof.ways import Way
from app.points.rehearsals import rehearsals
from app.points.rehearsals.models import EarningRehearsal
from app.points.rehearsals.results import Example, Result
from app.points.worth import factors
from app.points.worth.rules import worth_fen
from app.settlement.contracts import contracts
from app.settlement.ledger.rules import points_fen
from app.web.pages import pages
from app.workers.points import rehearsing as worker
from mall_console.kit import inquiries
from mall_console.kit.listing import cells
from mall_console.kit.listing.cells import Cell
from mall_console.kit.versions import NewVersion
from mall_console.kit.workspace import Workspace, mall_required
from mall_console.points import earning, earning_forms, earning_words
from mall_console.points.earning_words import Known, Line

blueprint = Blueprint("earning_rehearsals", __name__, url_prefix="/points/rules", template_folder="templates")

MOST_MERCHANTS = 30
# What buying gives: the base and every kind of extra.
_BUYING = {"purchase", *KINDS}


class PublishForm(NewVersion):
    """From which day on."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure by the rules in force, by the others, and by how much it would change."""

    old: int
    new: int

    @property
    def change(self) -> int:
        """The difference."""
        return self.new - self.old

    @property
    def change_bps(self) -> int | None:
        """The same as a share of what there is; None of nothing."""
        return money.divide(self.change * money.BPS, self.old) if self.old > 0 else None


@dataclass(frozen=True, slots=True)
class MerchantRow:
    """A merchant's points and what they cost it by its contract of today, in fen; None without a contract."""

    name: str
    points: Beside
    cost: Beside | None


@dataclass(frozen=True, slots=True)
class PayerMove:
    """An extra that another pays for by the other rules: by whom, its points by either, and their worth in fen.

    Without figures while nothing is found, and in what was found before extras were counted each by itself.
    """

    old: str
    new: str
    points: Beside | None = None
    fen: Beside | None = None


@blueprint.post("")
@mall_required("earning.manage")
def ask(workspace: Workspace) -> ResponseReturnValue:
    """Rehearse the typed rules; nothing holds yet."""
    known = earning_words.known_in(workspace)
    form = earning_forms.form_for(known).read()
    rules = earning_forms.to_rules(form, known)

    def asking(by: Asker, now: datetime) -> EarningRehearsal:
        rehearsing.ensure_payers(workspace.mall.id, rules, now=now)
        return rehearsals.ask(rules, by=by, now=now)

    pages_at = f"{workspace.base}/points/rules/rehearsals"
    return inquiries.ask(workspace, form.typed(), asking, pages_at=pages_at, at_once=worker.STEPS)


@blueprint.get("/rehearsals/<public_id>")
@mall_required("earning.view")
def page(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """How far it is and, once it is whole, what was found."""
    found = rehearsals.get(workspace.mall.id, public_id)
    parts = rehearsals.parts_of(found) or 0
    if pages.is_part():
        return inquiries.progress(found, "console/_earning_rehearsing.html", rehearsal=found, parts=parts)
    known = earning_words.known_in(workspace)
    old, new = (documents.to_rules(one) for one in (found.old_document, found.document))
    in_force = rule_sets.in_force(workspace.mall.id, clock.business_date(clock.now()))
    lines = earning_words.compare(earning_words.sentences(old, known), earning_words.sentences(new, known))
    return render_template(
        "console/earning_rehearsal.html",
        rehearsal=found,
        parts=parts,
        lines=[(line, _payer_move(line, (old, new), known, found)) for line in lines],
        is_reworded=any(line.is_reworded for line in lines),
        is_outdated=in_force != old,
        is_same=old == new,
        is_published=rehearsals.is_published(found),
        form=PublishForm,
        **(_shown(workspace, found) if found.done_at else {}),
    )


def _payer_move(line: Line, rules: tuple[Rules, Rules], known: Known, found: EarningRehearsal) -> PayerMove | None:
    """None of a sentence about no extra, and of one whose payer stays."""
    places = [None if one is None else one.extra for one in (line.before, line.now)]
    if None in places:
        return None
    extras = [said.extras[place] for said, place in zip(rules, places, strict=True) if place is not None]
    old, new = (_payer(extra, known) for extra in extras)
    if old == new:
        return None
    result = Result.read(found.result)
    if found.done_at is None or not (result.old.extras or result.new.extras):
        return PayerMove(old, new)
    factor_bps = factors.at(found.asked_at)
    points = Beside(*(side.extras[place or 0] for side, place in zip((result.old, result.new), places, strict=True)))
    return PayerMove(old, new, points, _worth(points, factor_bps))


def _payer(extra: Extra, known: Known) -> str:
    if extra.payer is not Payer.BRAND:
        return PAYERS[extra.payer]
    return f"{known.brands.get(extra.brand, extra.brand)}承担"


def _worth(points: Beside, factor_bps: int) -> Beside:
    return Beside(worth_fen(points.old, factor_bps), worth_fen(points.new, factor_bps))


def _shown(workspace: Workspace, found: EarningRehearsal) -> dict[str, Any]:
    result = Result.read(found.result)
    factor_bps = factors.at(found.asked_at)
    points = Beside(result.old.points, result.new.points)
    return {
        "result": result,
        "points": points,
        "fen": _worth(points, factor_bps),
        "rates": _rates(found, points),
        "band": rate_rules.BAND_BPS,
        "days": (found.last_day - found.first_day).days + 1,
        "payers": _payers(result, factor_bps),
        "merchants": _merchants(found, result),
        "gains": _examples(workspace, result.gains),
        "losses": _examples(workspace, result.losses),
    }


def _rates(found: EarningRehearsal, points: Beside) -> tuple[int | None, int | None]:
    """The redemption rate of those days by either rules: what was spent stays, what was issued by buying differs."""
    span = {"first": found.first_day, "last": found.last_day}
    ways = figures.by_way(found.mall_id, **span)
    earned = figures.by_source(found.mall_id, **span)
    others = sum(one.points for one in earned if one.source not in _BUYING) + ways.get(Way.ADJUSTED, 0)
    spent = rate_rules.spent_of(ways)
    issued = [others + points.old, others + points.new]
    old, new = (money.divide(spent * money.BPS, one) if one > 0 else None for one in issued)
    return old, new


def _payers(result: Result, factor_bps: int) -> list[tuple[str, Beside, Beside]]:
    """By payer: points, and what they are worth to members."""
    told = []
    for payer, words in PAYERS.items():
        points = Beside(result.old.payers[payer.value], result.new.payers[payer.value])
        if points.old or points.new or payer is Payer.MERCHANT:
            told.append((words, points, _worth(points, factor_bps)))
    return told


def _merchants(found: EarningRehearsal, result: Result) -> list[MerchantRow]:
    """Those who would pay for more or fewer points, the greatest difference first."""
    both = result.old.merchants.keys() | result.new.merchants.keys()
    points = {one: Beside(result.old.merchants[one], result.new.merchants[one]) for one in both}
    shown = sorted(both, key=lambda one: (-abs(points[one].change), -points[one].new, one))[:MOST_MERCHANTS]
    names = malls.merchant_names_of(shown)
    terms = contracts.terms_on(found.last_day, mall_id=found.mall_id, merchant_ids=shown)
    return [
        MerchantRow(names[one], points[one], _cost(points[one], terms[one].issue_price_fen) if one in terms else None)
        for one in shown
    ]


def _cost(points: Beside, price_fen: int) -> Beside:
    return Beside(points_fen(points.old, price_fen), points_fen(points.new, price_fen))


def _examples(workspace: Workspace, examples: Sequence[Example]) -> list[tuple[Cell, Beside]]:
    """Members by name and mask; who has left meanwhile is left out."""
    members = {one.member_id: identity.get_member(one.member_id) for one in examples}
    return [
        (cells.member(workspace, members[one.member_id]), Beside(one.old, one.new))
        for one in examples
        if identity.is_joined(members[one.member_id])
    ]


@blueprint.post("/rehearsals/<public_id>")
@mall_required("earning.manage")
def publish(workspace: Workspace, public_id: str) -> ResponseReturnValue:
    """Let rules that were rehearsed hold from a coming day on; the rehearsal stays with them. Raises NotRehearsed."""
    form, found = PublishForm.read(), rehearsals.get(workspace.mall.id, public_id)
    result, rules = Result.read(found.result), documents.to_rules(found.document)

    def act(now: datetime) -> EarningRules:
        by, day = workspace.who.name, form.effective_from
        rehearsing.ensure_payers(workspace.mall.id, rules, now=now)
        try:
            return rehearsals.publish(workspace.mall.id, public_id, effective_from=day, by=by, now=now)
        except EarningRulesConflict:
            raise PublishForm.effective_from.refuse("这一天已有另一套积分规则：先撤回它，或选择别的日期") from None

    def facts(version: EarningRules) -> dict[str, object]:
        change = result.new.points - result.old.points
        return earning.facts_of(earning_words.known_in(workspace), version) | {"rehearsed_change": change}

    typed = form.typed() | {"rehearsal": public_id}
    return earning.SETTING.publish(workspace, typed, act, facts=facts, said="新的积分规则将自 {} 起生效")
