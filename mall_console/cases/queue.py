"""Which cases somebody sees where: their own, their teams', what is overdue of both, and what was answered."""

from enum import StrEnum

from sqlalchemy import ColumnElement, or_

from app.access.models import Role
from app.cases import queries
from app.cases.models import Case
from app.cases.queries import Counts
from app.kernel import clock
from app.kernel.lists.keyset import Asked
from mall_console.kit.workspace import Workspace

# Who works for every team, and who only reads what every team does.
_ALL_TEAMS = {Role.ADMINISTRATOR, Role.AUDITOR}


class Tab(StrEnum):
    """The lists of the queue."""

    TEAM = "team"
    MINE = "mine"
    OVERDUE = "overdue"
    ANSWERED = "answered"


def visible(workspace: Workspace) -> ColumnElement[bool]:
    """Cases of this mall; those of other teams may be read, too."""
    return workspace.condition("case.view", Case.mall_id)


def teams_of(workspace: Workspace) -> set[Role]:
    """The teams somebody belongs to in this mall."""
    roles = {grant.role for grant in workspace.who.scope.grants if grant.place.holds(workspace.place)}
    return set(Role) if roles & _ALL_TEAMS else roles


def may_work_on(workspace: Workspace, case: Case) -> bool:
    """Whether the case waits for one of the person's teams, or lies with themselves."""
    is_theirs = Role(case.role) in teams_of(workspace) or case.owner_id == workspace.who.staff_id
    return is_theirs and workspace.can("case.work")


def count(workspace: Workspace) -> Counts:
    teams, staff_id = teams_of(workspace), workspace.who.staff_id
    return queries.count_open(visible(workspace), roles=teams, staff_id=staff_id, now=clock.now())


def wanted(workspace: Workspace, tab: Tab) -> list[ColumnElement[bool]]:
    """The conditions of a list."""
    own, team = Case.owner_id == workspace.who.staff_id, queries.of_team(teams_of(workspace))
    return {
        Tab.TEAM: [visible(workspace), queries.IS_OPEN, team],
        Tab.MINE: [visible(workspace), queries.IS_OPEN, own],
        Tab.OVERDUE: [visible(workspace), queries.IS_OPEN, or_(own, team), Case.due_at < clock.now()],
        Tab.ANSWERED: [visible(workspace), ~queries.IS_OPEN, or_(own, team)],
    }[tab]


def find_next(workspace: Workspace, tab: Tab, case: Case) -> Case | None:
    """The open case behind this one in the list; behind the last one, the first of those before it."""
    if tab is Tab.ANSWERED:
        return None
    for place in (queries.QUEUE_ORDER.behind(case.due_at, case.id), Case.id != case.id):
        for found, _ in queries.list_cases(*wanted(workspace, tab), place, asked=Asked(1)):
            return found
    return None


def find_previous(workspace: Workspace, tab: Tab, case: Case) -> Case | None:
    """The open case before this one in the list."""
    if tab is Tab.ANSWERED:
        return None
    return queries.find_last_open(*wanted(workspace, tab), queries.QUEUE_ORDER.before(case.due_at, case.id))
