"""Lists of staff: the clerks of stores, and who works where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, and_, exists, select

from app.access.models import Role, Staff, StaffRole
from app.access.scopes import Scope
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.malls.models import Store


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who did something at a till, as its lists name them."""

    public_id: str
    name: str


def clerks_by_id(staff_ids: Collection[int]) -> dict[int, Clerk]:
    """People who do or did something at tills."""
    rows = db.session.execute(select(Staff.id, Staff.public_id, Staff.name).where(Staff.id.in_(staff_ids)))
    return {row.id: Clerk(row.public_id, row.name) for row in rows}


def list_clerks(scope: Scope, *, permission: str = "clerk.view") -> Sequence[Row[tuple[Staff, StaffRole, Store]]]:
    """Clerks of the stores in which the permission is held, a row for each store; switched-off ones last."""
    return db.session.execute(
        select(Staff, StaffRole, Store)
        .join(StaffRole, and_(StaffRole.staff_id == Staff.id, StaffRole.role == Role.CLERK.value))
        .join(Store, Store.id == StaffRole.store_id)
        .where(scope.condition(permission, mall_id=Store.mall_id, merchant_id=Store.merchant_id, store_id=Store.id))
        .order_by(Staff.active.desc(), Store.floor, Store.id, Staff.name, Staff.id)
    ).all()


def get_clerk(public_id: str, scope: Scope, *, permission: str = "clerk.manage") -> Staff:
    """A clerk all of whose roles are a clerk's in stores where the permission is held; raises NotFound.

    Somebody who also works elsewhere, or as more than a clerk, is not this manager's to change.
    """
    mine = scope.condition(permission, mall_id=Store.mall_id, merchant_id=Store.merchant_id, store_id=Store.id)
    own = select(StaffRole.id).join(Store, Store.id == StaffRole.store_id)
    own = own.where(StaffRole.role == Role.CLERK.value, mine)
    foreign = exists().where(StaffRole.staff_id == Staff.id, StaffRole.id.not_in(own))
    has_own = exists().where(StaffRole.staff_id == Staff.id, StaffRole.id.in_(own))
    person = db.session.scalar(select(Staff).where(Staff.public_id == public_id, has_own, ~foreign))
    if person is None:
        raise NotFound(staff=public_id)
    return person


def list_staff(scope: Scope, *, permission: str = "staff.view") -> Sequence[Row[tuple[Staff, StaffRole]]]:
    """Staff with a role in a place where the permission is held, a row for each role; switched-off ones last."""
    in_scope = scope.condition(
        permission, mall_id=StaffRole.mall_id, merchant_id=StaffRole.merchant_id, store_id=StaffRole.store_id
    )
    return db.session.execute(
        select(Staff, StaffRole)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(in_scope)
        .order_by(Staff.active.desc(), Staff.name, Staff.id, StaffRole.id)
    ).all()
