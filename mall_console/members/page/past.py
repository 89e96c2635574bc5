"""Where a member stood at a past date: as was said then, and as it comes out now under any version of the rules."""

from dataclasses import dataclass
from datetime import date

from flask import request

from app.kernel import clock
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import nights, queries
from app.lifecycle.stages.rules import Facts
from app.lifecycle.stages.wording import ACTIVITIES, STAGES, explain
from app.web.forms import written
from mall_console.members.page import standing

# To compare spend over everybody takes long in a large group: such rules are asked about in the time machine.
MOST_MEMBERS = 100_000
_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Restated:
    """What a member's facts of a day come to under rules: stage and why, in words."""

    stage: str
    tone: str
    activity: str
    why: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Then:
    """Where a member stood; `is_too_large` when it could not be worked out anew."""

    stage: str
    tone: str
    restated: Restated | None
    is_too_large: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A day, as it was typed, and rules that were asked for, and what comes of them; `problem` when nothing does."""

    day: str
    version: str
    then: Then | None = None
    problem: str = ""


def versions() -> list[tuple[str, str]]:
    """The rules to choose from: those of the day, and each version."""
    published = [(str(one.id), f"自 {one.effective_from} 起的规则") for one in rule_sets.list_versions()]
    return [("", "当时有效的规则"), *published, (_DEFAULT, "系统默认规则")]


def read(member_id: int, shown: standing.Shown) -> Asked | None:
    """What the address asks; None when it asks nothing."""
    typed, version = request.args.get("as_of", "").strip(), request.args.get("rules", "")
    if not typed:
        return None
    version = version if version in dict(versions()) else ""
    day, last = written.find_day(typed), nights.find_last()
    if day is None:
        return Asked(written.quoted(typed), version, problem="请填写日期，如 2026-10-31")
    if last is None or day > last.day:
        return Asked(typed, version, problem=f"只算到 {newest_day()}，请选这一天或更早")
    return Asked(str(day), version, _read(member_id, shown, day, version, members=last.members))


def _read(member_id: int, shown: standing.Shown, day: date, version: str, *, members: int) -> Then:
    stood = standing.stood_on(shown, day)
    stage, tone = STAGES.get(stood, "尚无记录"), standing.tone_of(stood) if stood else "plain"
    of_day = rule_sets.in_force(day).rules
    rules = _rules_of(version, of_day)
    if _compares_otherwise(rules, of_day) and members > MOST_MEMBERS:
        return Then(stage, tone, None, is_too_large=True)
    return Then(stage, tone, _restate(member_id, day, rules, of_day))


def newest_day() -> date:
    """The last day that can be asked for."""
    last = nights.find_last()
    return clock.business_date(clock.now()) if last is None else last.day


def _rules_of(version: str, of_day: Rules) -> Rules:
    if version == "":
        return of_day
    return rule_sets.of(None if version == _DEFAULT else int(version))


def _compares_otherwise(rules: Rules, of_day: Rules) -> bool:
    """Whether the day's own cut point of spend does not serve."""
    return (rules.spend_days, rules.high_spend_top_bps) != (of_day.spend_days, of_day.high_spend_top_bps)


def _restate(member_id: int, day: date, rules: Rules, of_day: Rules) -> Restated | None:
    found = queries.find_restated(member_id, day=day, rules=rules, rules_of_day=of_day)
    if found is None:
        return None
    stood = found.standing
    return Restated(
        stage=STAGES[stood.stage.value],
        tone=standing.tone_of(stood.stage.value),
        activity=ACTIVITIES[stood.activity.value],
        why=explain(stood.why.value, found.facts, rules, on=day),
        facts=found.facts,
    )
