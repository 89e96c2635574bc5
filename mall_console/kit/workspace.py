"""What a page works in: a signed-in person in one mall, which the address names.

    @blueprint.get("/entrances")
    @mall_required("entrance.view")
    def page(workspace: Workspace) -> ResponseReturnValue: ...

The mall is part of the address, so two tabs in two malls cannot be mixed up and every address can be passed on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import g, session
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, and_

from app.access import audit, staff_queries
from app.access.scopes import Place
from app.access.staff_queries import SignedIn
from app.kernel.errors import Forbidden, NotFound
from app.web.staff import portals
from app.web.staff.auth import find_signed_in, staff_required

LAST_MALL = "console_mall"


@dataclass(frozen=True, slots=True)
class WorkspaceMall:
    """A mall as pages need it; plain values, so that no page reads it again after a commit."""

    id: int
    code: str
    name: str
    accent: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """The person, the mall they work in now, and the malls they could work in."""

    who: SignedIn
    mall: WorkspaceMall
    malls: tuple[WorkspaceMall, ...]

    @property
    def base(self) -> str:
        """What the addresses of this mall's pages begin with."""
        return f"{portals.CONSOLE.prefix}/{self.mall.code}"

    @property
    def place(self) -> Place:
        return Place(mall_id=self.mall.id)

    def can(self, permission: str) -> bool:
        """Whether the person may do this in the whole of this mall."""
        return self.who.scope.permits(permission, self.place)

    def ensure(self, permission: str) -> None:
        """Raises Forbidden (fact permission) unless `can`."""
        if not self.can(permission):
            raise Forbidden(permission=permission)

    def condition(self, permission: str, mall_id: Any) -> ColumnElement[bool]:
        """A WHERE condition: rows of this mall, if the permission is held in it; `mall_id` is the rows' column."""
        return and_(self.who.scope.condition(permission, mall_id=mall_id), mall_id == self.mall.id)

    def record(
        self,
        action: str,
        subject: str,
        *,
        now: datetime,
        facts: Mapping[str, Any] | None = None,
        merchant_id: int | None = None,
        store_id: int | None = None,
    ) -> None:
        """Write what the person just changed into the audit log, in the caller's transaction."""
        place = Place(mall_id=self.mall.id, merchant_id=merchant_id, store_id=store_id)
        audit.record(self.who.actor, action=action, subject=subject, now=now, facts=facts, place=place)


def mall_required(permission: str) -> Callable[..., Any]:
    """Let only staff in who hold the permission in the mall of the address; `view(workspace, …)`.

    Raises SignInRequired, PasswordTemporary, NotFound for a mall outside the person's scope, and Forbidden.
    """

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def guarded(who: SignedIn, mall_code: str, **arguments: Any) -> ResponseReturnValue:
            g.workspace = workspace = _open(who, mall_code)
            workspace.ensure(permission)
            session[LAST_MALL] = mall_code
            return view(workspace, **arguments)

        return staff_required(portals.CONSOLE.permission)(guarded)

    return decorate


def list_malls(who: SignedIn) -> tuple[WorkspaceMall, ...]:
    """The malls the person may work in, the oldest first."""
    return tuple(WorkspaceMall(*mall) for mall in staff_queries.list_malls_for(who.scope))


def find_around(path: str) -> Workspace | None:
    """Where somebody is who asked for what is not there or not theirs: in the mall of the address, else in another.

    None for who is not signed in or keeps no mall.
    """
    who = find_signed_in()
    if who is None:
        return None
    malls = {mall.code: mall for mall in list_malls(who)}
    asked = path.removeprefix(f"{portals.CONSOLE.prefix}/").partition("/")[0]
    code = next((code for code in (asked, session.get(LAST_MALL), *malls) if code in malls), None)
    return Workspace(who=who, mall=malls[code], malls=tuple(malls.values())) if code else None


def home_of(who: SignedIn) -> str:
    """The first page of the mall the person worked in last, or of their first one; raises NotFound without any."""
    malls = list_malls(who)
    if not malls:
        raise NotFound
    codes = [mall.code for mall in malls]
    last = session.get(LAST_MALL)
    return f"{portals.CONSOLE.prefix}/{last if last in codes else codes[0]}"


def away(who: SignedIn, mall_id: int) -> Workspace:
    """Where somebody works while they are away; raises NotFound for a mall outside their scope."""
    malls = list_malls(who)
    mall = next((mall for mall in malls if mall.id == mall_id), None)
    if mall is None:
        raise NotFound(mall=mall_id)
    return Workspace(who=who, mall=mall, malls=malls)


def _open(who: SignedIn, mall_code: str) -> Workspace:
    malls = list_malls(who)
    mall = next((mall for mall in malls if mall.code == mall_code), None)
    if mall is None:
        raise NotFound(mall=mall_code)
    return Workspace(who=who, mall=mall, malls=malls)
