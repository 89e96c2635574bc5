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
from mall_console.kit.desk import Desk

# Who works for every team, and who only reads what every team does.
_ALL_TEAMS = {Role.ADMINISTRATOR, Role.AUDITOR}


class Tab(StrEnum):
    """The lists of the queue."""

    TEAM = "team"
    MINE = "mine"
    OVERDUE = "overdue"
    ANSWERED = "answered"


def visible(desk: Desk) -> ColumnElement[bool]:
    """Cases of this mall; those of other teams may be read, too."""
    return desk.condition("case.view", Case.mall_id)


def teams_of(desk: Desk) -> set[Role]:
    """The teams somebody belongs to in this mall."""
    roles = {grant.role for grant in desk.who.scope.grants if grant.place.holds(desk.place)}
    return set(Role) if roles & _ALL_TEAMS else roles


def may_work_on(desk: Desk, case: Case) -> bool:
    """Whether the case waits for one of the person's teams, or lies with themselves."""
    return desk.can("case.work") and (Role(case.role) in teams_of(desk) or case.owner_id == desk.who.staff_id)


def count(desk: Desk) -> Counts:
    return queries.count_open(visible(desk), roles=teams_of(desk), staff_id=desk.who.staff_id, now=clock.now())


def wanted(desk: Desk, tab: Tab) -> list[ColumnElement[bool]]:
    """The conditions of a list, beside that its cases are open or answered."""
    own, team = Case.owner_id == desk.who.staff_id, queries.of_team(teams_of(desk))
    return {
        Tab.TEAM: [visible(desk), team],
        Tab.MINE: [visible(desk), own],
        Tab.OVERDUE: [visible(desk), or_(own, team), Case.due_at < clock.now()],
        Tab.ANSWERED: [visible(desk), or_(own, team)],
    }[tab]


def page(desk: Desk, tab: Tab) -> paging.Rows[tuple[Case, Staff | None]]:
    """A page of a list from the request's mark on."""
    mark = paging.moment_mark(ids=1)
    if tab is Tab.ANSWERED:
        behind = paging.behind(queries.ANSWERED_ORDER, mark)
        found = queries.list_answered(*wanted(desk, tab), *behind, limit=paging.ROWS + 1)
        return paging.cut(found, lambda row: (row[0].answered_at, row[0].id))
    found = queries.list_open(*wanted(desk, tab), *_after(mark), limit=paging.ROWS + 1)
    return paging.cut(found, lambda row: (row[0].due_at, row[0].id))


def find_next(desk: Desk, tab: Tab, case: Case) -> Case | None:
    """The open case behind this one in the list; behind the last one, the first of those before it."""
    if tab is Tab.ANSWERED:
        return None
    for place in (_after((case.due_at, case.id)), [Case.id != case.id]):
        found = queries.list_open(*wanted(desk, tab), *place, limit=1)
        if found:
            return found[0][0]
    return None


def find_previous(desk: Desk, tab: Tab, case: Case) -> Case | None:
    """The open case before this one in the list."""
    if tab is Tab.ANSWERED:
        return None
    before = tuple_(Case.due_at, Case.id) < tuple_(literal(case.due_at, Case.due_at.type), literal(case.id))
    return queries.find_last_open(*wanted(desk, tab), before)


def _after(values: Sequence[object] | None) -> list[ColumnElement[bool]]:
    if values is None:
        return []
    due_at, case_id = values
    return [tuple_(Case.due_at, Case.id) > tuple_(literal(due_at, Case.due_at.type), literal(case_id, Case.id.type))]
