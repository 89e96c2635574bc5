"""Which cases somebody sees where: their own, their teams', what is overdue of both, and what was answered."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import ColumnElement, literal, or_, tuple_

from app.access.models import Role, Staff
from app.cases import queries
from app.cases.models import Case
from app.cases.queries import Counts
from app.kernel import clock
from mall_console.kit import paging
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
    """The conditions of a list, beside that its cases are open or answered."""
    own, team = Case.owner_id == workspace.who.staff_id, queries.of_team(teams_of(workspace))
    return {
        Tab.TEAM: [visible(workspace), team],
        Tab.MINE: [visible(workspace), own],
        Tab.OVERDUE: [visible(workspace), or_(own, team), Case.due_at < clock.now()],
        Tab.ANSWERED: [visible(workspace), or_(own, team)],
    }[tab]


def page(workspace: Workspace, tab: Tab) -> paging.Rows[tuple[Case, Staff | None]]:
    """A page of a list from the request's mark on."""
    mark = paging.moment_mark(ids=1)
    if tab is Tab.ANSWERED:
        behind = paging.behind(queries.ANSWERED_ORDER, mark)
        found = queries.list_answered(*wanted(workspace, tab), *behind, limit=paging.ROWS + 1)
        return paging.cut(found, lambda row: (row[0].answered_at, row[0].id))
    found = queries.list_open(*wanted(workspace, tab), *_after(mark), limit=paging.ROWS + 1)
    return paging.cut(found, lambda row: (row[0].due_at, row[0].id))


def find_next(workspace: Workspace, tab: Tab, case: Case) -> Case | None:
    """The open case behind this one in the list; behind the last one, the first of those before it."""
    if tab is Tab.ANSWERED:
        return None
    for place in (_after((case.due_at, case.id)), [Case.id != case.id]):
        found = queries.list_open(*wanted(workspace, tab), *place, limit=1)
        if found:
            return found[0][0]
    return None


def find_previous(workspace: Workspace, tab: Tab, case: Case) -> Case | None:
    """The open case before this one in the list."""
    if tab is Tab.ANSWERED:
        return None
    before = tuple_(Case.due_at, Case.id) < tuple_(literal(case.due_at, Case.due_at.type), literal(case.id))
    return queries.find_last_open(*wanted(workspace, tab), before)


def _after(values: Sequence[object] | None) -> list[ColumnElement[bool]]:
    if values is None:
        return []
    due_at, case_id = values
    return [tuple_(Case.due_at, Case.id) > tuple_(literal(due_at, Case.due_at.type), literal(case_id, Case.id.type))]
