"""Who may do what, and where: what a role may do its packages say, the place comes from the role's scope.

A grant is one role in one place. A place is the whole group (all three numbers None), a mall, a merchant (in one mall
or in all), or a store. A person may do a thing in a place when one of their grants allows the thing and holds the
place.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.access.models import Role
from app.kernel import discovery
from app.kernel.errors import Forbidden
from app.malls.store_refs import StoreRef


def _permissions_by_role() -> dict[Role, frozenset[str]]:
    """What the packages' permissions.py let each role do. Names are `<subject>.<verb>`."""
    roles: dict[str, Collection[Role]] = discovery.merged("PERMISSIONS", named="permissions", below=["app"])
    return {role: frozenset(name for name, holders in roles.items() if role in holders) for role in Role}


PERMISSIONS = _permissions_by_role()
ALL_PERMISSIONS: frozenset[str] = frozenset().union(*PERMISSIONS.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is or a role reaches; None means every one of its kind, unlike a StoreRef, which is one store."""

    mall_id: int | None = None
    merchant_id: int | None = None
    store_id: int | None = None

    def holds(self, other: "Place") -> bool:
        """Whether the other place lies wholly inside this one."""
        return (
            self.mall_id in (None, other.mall_id)
            and self.merchant_id in (None, other.merchant_id)
            and self.store_id in (None, other.store_id)
        )

    @property
    def key(self) -> str:
        """The place spelled out, as `staff_roles.scope` keeps it."""
        return f"mall:{self.mall_id or '*'}/merchant:{self.merchant_id or '*'}/store:{self.store_id or '*'}"


GROUP = Place()


def place_of(store: StoreRef) -> Place:
    """The store as a place."""
    return Place(mall_id=store.mall_id, merchant_id=store.merchant_id, store_id=store.store_id)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one place."""

    role: Role
    place: Place

    def allows(self, permission: str) -> bool:
        """Whether the role carries the permission."""
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Scope:
    """All grants of one person. `for_permission` narrows them to one thing; `condition` puts them into a query."""

    grants: tuple[Grant, ...]

    def has(self, permission: str) -> bool:
        """Whether any grant carries the permission, wherever that is."""
        return any(grant.allows(permission) for grant in self.grants)

    def permits(self, permission: str, place: Place) -> bool:
        """Whether the person may do this in that place."""
        return any(grant.allows(permission) and grant.place.holds(place) for grant in self.grants)

    def ensure(self, permission: str, place: Place) -> None:
        """Raises Forbidden (fact permission) unless `permits`."""
        if not self.permits(permission, place):
            raise Forbidden(permission=permission)

    def places(self, permission: str) -> tuple[Place, ...]:
        """Where the person may do this."""
        return tuple(grant.place for grant in self.grants if grant.allows(permission))

    def malls(self, permission: str) -> frozenset[int] | None:
        """The malls in the whole of which the person may do this; None for every mall there is."""
        places = self.places(permission)
        whole = {place.mall_id for place in places if place.merchant_id is None and place.store_id is None}
        return None if None in whole else frozenset(mall_id for mall_id in whole if mall_id is not None)

    def condition(
        self, permission: str, *, mall_id: Any = None, merchant_id: Any = None, store_id: Any = None
    ) -> ColumnElement[bool]:
        """A WHERE condition that keeps rows in places where the permission is held.

        Hand in the columns the rows have. A grant bound to a merchant or store sees nothing of rows without such a
        column, so forgetting one hides rows instead of showing a stranger's.
        """
        columns = {"mall_id": mall_id, "merchant_id": merchant_id, "store_id": store_id}
        return _any_place(self.places(permission), columns)

    @property
    def mall_ids(self) -> frozenset[int] | None:
        """The malls of the grants; None when one grant reaches every mall."""
        ids = {grant.place.mall_id for grant in self.grants}
        return None if None in ids else frozenset(mall_id for mall_id in ids if mall_id is not None)


def _any_place(places: Iterable[Place], columns: dict[str, Any]) -> ColumnElement[bool]:
    conditions = [_in_place(place, columns) for place in places]
    return or_(*conditions) if conditions else false()


def _in_place(place: Place, columns: dict[str, Any]) -> ColumnElement[bool]:
    wanted = {name: value for name in columns if (value := getattr(place, name)) is not None}
    if any(columns[name] is None for name in wanted):
        return false()
    return and_(true(), *(columns[name] == value for name, value in wanted.items()))
