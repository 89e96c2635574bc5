"""What is done with a case, noted in the audit log; the same for one case and for several at once."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.access.models import Role
from app.access.wording import ROLES
from app.cases import cases, queries
from app.cases.models import Case
from app.kernel import clock
from app.kernel.errors import DomainError
from mall_console.cases import queue, words
from mall_console.kit.workspace import Workspace

TEAMS = {role.value: ROLES[role.value] for role in (Role.OPERATIONS, Role.FINANCE)}

# Does something with a locked case and returns what the audit log says of it; None when nothing changed.
Act = Callable[[Case, datetime], dict[str, Any] | None]


class CaseOfAnotherTeam(DomainError):
    """Only a case's own team and administrators work on it."""

    kind = "conflict"
    code = "case_of_another_team"


def get(workspace: Workspace, public_id: str) -> Case:
    """A case that the person may read; raises NotFound."""
    return queries.get_case(public_id, visible=queue.visible(workspace))


def do(workspace: Workspace, public_id: str, action: str, act: Act) -> Case:
    """Do it with the case as it is now; raises CaseOfAnotherTeam and what the act raises."""
    # Locked before its team is looked at: it may be handed on just now.
    case = queries.lock_case(get(workspace, public_id).id)
    if not queue.may_work_on(workspace, case):
        raise CaseOfAnotherTeam
    now = clock.now()
    facts = act(case, now)
    if facts is not None:
        workspace.record(action, f"case:{case.id}", now=now, facts=facts)
    return case


def take(workspace: Workspace) -> Act:
    """Work on a case that waits."""

    def act(case: Case, now: datetime) -> dict[str, Any] | None:
        return {} if cases.take(case.id, workspace.who.actor, now=now) else None

    return act


def answer(workspace: Workspace, outcome: str, note: str) -> Act:
    """Close one's own case with an outcome."""

    def act(case: Case, now: datetime) -> dict[str, Any]:
        cases.answer(case.id, outcome, workspace.who.actor, note=note, now=now)
        return {"outcome": words.outcomes_of(case)[outcome]}

    return act


def take_and_answer(workspace: Workspace, outcome: str, note: str) -> Act:
    """Close a case that waits, or one's own, with an outcome."""
    answered = answer(workspace, outcome, note)

    def act(case: Case, now: datetime) -> dict[str, Any] | None:
        cases.take(case.id, workspace.who.actor, now=now)
        return answered(case, now)

    return act


def receivers(mall_id: int, role: Role) -> dict[str, str]:
    """Who a case of the team can be handed to: `role:<role>` and `person:<id>`, each with its name."""
    teams = {f"role:{role}": label for role, label in TEAMS.items()}
    return teams | {f"person:{one.public_id}": one.name for one in queries.list_colleagues(mall_id, role=role)}


def hand_on(workspace: Workspace, to: str, note: str) -> Act:
    """Let a team or a colleague decide: one of `receivers`."""
    kind, _, which = to.partition(":")

    def act(case: Case, now: datetime) -> dict[str, Any]:
        if kind == "role":
            cases.hand_to_team(case.id, Role(which), workspace.who.actor, note=note, now=now)
            return {"role": TEAMS[which]}
        people = {one.public_id: one for one in queries.list_colleagues(case.mall_id, role=Role(case.role))}
        person_id = people[which].id if which in people else 0
        cases.hand_to_person(case.id, person_id, workspace.who.actor, note=note, now=now)
        return {"person": people[which].name}

    return act
