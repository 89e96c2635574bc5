"""Cases in words: what is asked and why, when it is due, what happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from app.access.wording import ROLES
from app.cases.kinds import all_kinds
from app.cases.models import Case, CaseStep
from app.cases.wording import SETTLED, STEPS
from app.kernel import discovery, money

# Of each kind: `title`, `reasons` with facts in braces, `ask` (what to look at first), `outcomes`, and for a line of
# their own `details`: long numbers and raw codes among the facts, with their labels. `follows` is what an answer does;
# `told` makes of the facts what the reasons say of them, where they are not said as they are.
KINDS: dict[str, Mapping[str, Any]] = discovery.merged("CASES", named="wording")


def title_of(case: Case) -> str:
    return str(KINDS[case.kind]["title"])


def reason_of(case: Case) -> str:
    """Why the case was raised; amounts in fen are offered to the sentence as yuan."""
    sums = {key: value for key, value in case.facts.items() if key.endswith("_fen")}
    amounts = {key.replace("_fen", "_yuan"): money.yuan_text(value) for key, value in sums.items()}
    told = KINDS[case.kind].get("told", dict)(case.facts)
    return str(KINDS[case.kind]["reasons"][case.reason]).format_map({**told, **amounts})


def details_of(case: Case) -> list[tuple[str, str]]:
    """Labels and values of what only somebody who searches elsewhere needs."""
    labels: Mapping[str, str] = KINDS[case.kind].get("details", {})
    return [(label, str(case.facts[name])) for name, label in labels.items() if case.facts.get(name)]


def ask_of(case: Case) -> str:
    return str(KINDS[case.kind]["ask"])


def outcomes_of(case: Case) -> Mapping[str, str]:
    """The possible answers with their words, in the order in which they are offered."""
    outcomes: Mapping[str, str] = KINDS[case.kind]["outcomes"]
    return outcomes


def has_acts(case: Case) -> bool:
    """Whether an answer does something by itself."""
    return any(act is not None for act in all_kinds()[case.kind].outcomes.values())


def follows_of(case: Case) -> str:
    """What follows from an answer that does something, for who is asked once more."""
    return str(KINDS[case.kind].get("follows", "选中的处理会立即执行；之后重新打开也不会撤回。"))


def outcome_of(case: Case) -> str:
    """How an answered case ended, by somebody's answer or by itself."""
    return {**outcomes_of(case), **SETTLED}[case.outcome or ""]


def due_in_words(case: Case, *, now: datetime) -> tuple[str, bool]:
    """How long there is until the case is due, and whether it is overdue."""
    left = case.due_at - now
    return (f"逾期 {_span(-left)}", True) if left < timedelta(0) else (f"还剩 {_span(left)}", False)


def _span(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return f"{span.days} 天"
    minutes = span // timedelta(minutes=1)
    return f"{minutes // 60} 小时" if minutes >= 60 else f"{max(minutes, 1)} 分钟"


def step_in_words(case: Case, step: CaseStep) -> str:
    """What was done, with whom or what it names."""
    named = (
        ROLES.get(step.facts.get("role", "")),
        step.facts.get("person"),
        {**outcomes_of(case), **SETTLED}.get(step.facts.get("outcome", "")),
    )
    told = next((name for name in named if name), None)
    return f"{STEPS[step.step]}：{told}" if told else STEPS[step.step]
