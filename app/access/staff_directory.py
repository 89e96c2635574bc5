"""Staff as an administrator sees them: who works in the places they administer, and whom they may change."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select

from app.access.models import Staff, StaffRole
from app.access.scopes import Scope
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.malls.models import Mall, Merchant, Store

ORDER = Order(Staff.id.desc())


@dataclass(frozen=True, slots=True)
class PlacedRole:
    """A role with the names of its place; a role of the whole group has none of them."""

    role: StaffRole
    mall: str | None
    merchant: str | None
    store: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with those of their roles that the asking person may see."""

    staff: Staff
    roles: list[PlacedRole]


def is_seen(scope: Scope) -> ColumnElement[bool]:
    """The condition that somebody has a role where the person holds `staff.view`."""
    return exists().where(StaffRole.staff_id == Staff.id, _in(scope, "staff.view"))


def list_people(scope: Scope, *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[Person]:
    """A page of staff with a role where the person holds `staff.view`, the newest first if not asked otherwise."""
    page = keyset.scalars(select(Staff).where(is_seen(scope), *wanted), order, asked)
    roles = _roles_of([person.id for person in page], scope)
    return page.with_items([Person(person, roles.get(person.id, [])) for person in page])


def get_person(public_id: str, scope: Scope) -> Person:
    """Somebody who works where the person holds `staff.view`; raises NotFound."""
    staff = db.session.scalar(select(Staff).where(Staff.public_id == public_id))
    roles = _roles_of([staff.id], scope) if staff is not None else {}
    if staff is None or not roles:
        raise NotFound(staff=public_id)
    return Person(staff, roles[staff.id])


def get_managed(public_id: str, scope: Scope) -> Staff:
    """Somebody all of whose roles lie where the person holds `staff.manage`; raises NotFound."""
    own = select(StaffRole.id).where(_in(scope, "staff.manage"))
    foreign = exists().where(StaffRole.staff_id == Staff.id, StaffRole.id.not_in(own))
    has_own = exists().where(StaffRole.staff_id == Staff.id, StaffRole.id.in_(own))
    staff = db.session.scalar(select(Staff).where(Staff.public_id == public_id, has_own, ~foreign))
    if staff is None:
        raise NotFound(staff=public_id)
    return staff


def list_role_ids(staff_id: int) -> Sequence[int]:
    """The person's roles."""
    return db.session.scalars(select(StaffRole.id).where(StaffRole.staff_id == staff_id)).all()


def find_mall_id(staff_id: int, *, role_id: int | None = None) -> int | None:
    """The one mall that the person's roles (or the one role) lie in; None when they reach further."""
    wanted = select(StaffRole.mall_id).where(StaffRole.staff_id == staff_id).distinct()
    if role_id is not None:
        wanted = wanted.where(StaffRole.id == role_id)
    mall_ids = db.session.scalars(wanted).all()
    return mall_ids[0] if len(mall_ids) == 1 else None


def _in(scope: Scope, permission: str) -> ColumnElement[bool]:
    return scope.condition(
        permission, mall_id=StaffRole.mall_id, merchant_id=StaffRole.merchant_id, store_id=StaffRole.store_id
    )


def _roles_of(staff_ids: Sequence[int], scope: Scope) -> dict[int, list[PlacedRole]]:
    rows = db.session.execute(
        select(StaffRole, Mall.name, Merchant.name, Store.name)
        .outerjoin(Mall, Mall.id == StaffRole.mall_id)
        .outerjoin(Merchant, Merchant.id == StaffRole.merchant_id)
        .outerjoin(Store, Store.id == StaffRole.store_id)
        .where(StaffRole.staff_id.in_(staff_ids), _in(scope, "staff.view"))
        .order_by(StaffRole.id)
    )
    found: dict[int, list[PlacedRole]] = {}
    for role, mall, merchant, store in rows:
        found.setdefault(role.staff_id, []).append(PlacedRole(role, mall, merchant, store))
    return found
