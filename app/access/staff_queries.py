"""Reading staff: who is signed in, who may sign in, and who works where."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Row, and_, any_, bindparam, or_, select

from app.access.audit import Actor
from app.access.models import Role, Staff, StaffRole, StaffSession
from app.access.scopes import Grant, Place, Scope, place_of
from app.kernel.db import db
from app.kernel.errors import Forbidden, NotFound
from app.kernel.fastpath.prepared import Prepared
from app.kernel.lists.labels import labels_of
from app.kernel.security import crypto
from app.malls.models import Mall, Merchant, Store
from app.malls.store_refs import StoreRef
from app.pictures.models import PicturePlace
from app.pictures.queries import shows

PHONE_PURPOSE = "staff_phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand(StoreRef):
    """The store in which a portal session works, with the names its pages show."""

    store_code: str
    store_name: str
    floor: str
    mall_name: str
    accent: str
    mall_logo: str | None  # its picture's digest
    merchant_name: str

    @property
    def place(self) -> Place:
        return place_of(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A live session: the person, what they may do and where, and the store they stand in (portal only)."""

    session_id: int
    expires_at: datetime
    staff_id: int
    public_id: str
    name: str
    phone_masked: str
    password_temporary: bool
    scope: Scope
    stand: Stand | None

    @property
    def actor(self) -> Actor:
        """The person as the audit log names them."""
        return Actor("staff", self.staff_id, self.name)

    @property
    def caller(self) -> str:
        """The person as the owner of idempotency keys."""
        return f"staff:{self.staff_id}"

    def can(self, permission: str) -> bool:
        """Whether they may do this in the store they stand in or, standing in none, anywhere."""
        if self.stand is None:
            return self.scope.has(permission)
        return self.scope.permits(permission, self.stand.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a sign-in is checked against, read apart so that no transaction waits for argon2."""

    staff_id: int
    name: str
    password_hash: str = field(repr=False)
    active: bool

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.staff_id, self.name)


_STAND_COLUMNS = (
    Store.id.label("stand_id"),
    Store.code.label("store_code"),
    Store.name.label("store_name"),
    Store.floor,
    Store.mall_id.label("stand_mall_id"),
    Store.merchant_id.label("stand_merchant_id"),
    Mall.name.label("mall_name"),
    Mall.accent,
    PicturePlace.digest.label("mall_logo"),
    Merchant.name.label("merchant_name"),
)
_SIGNED_IN = Prepared(
    select(
        StaffSession.id.label("session_id"),
        StaffSession.expires_at,
        Staff.id.label("staff_id"),
        Staff.public_id,
        Staff.name,
        Staff.phone_masked,
        Staff.password_temporary,
        StaffRole.role,
        StaffRole.mall_id,
        StaffRole.merchant_id,
        StaffRole.store_id,
        *_STAND_COLUMNS,
    )
    .join(Staff, and_(Staff.id == StaffSession.staff_id, Staff.active))
    .join(StaffRole, StaffRole.staff_id == Staff.id)
    .outerjoin(Store, and_(Store.id == StaffSession.store_id, Store.active))
    .outerjoin(Mall, Mall.id == Store.mall_id)
    .outerjoin(PicturePlace, shows("mall", Mall.id, "logo"))
    .outerjoin(Merchant, Merchant.id == Store.merchant_id)
    .where(
        StaffSession.token_digest == bindparam("digest"),
        StaffSession.portal == bindparam("portal"),
        StaffSession.revoked_at.is_(None),
        StaffSession.expires_at > bindparam("now"),
    )
    .order_by(StaffRole.id),
    alone=True,
)


def find_signed_in(token: str, *, portal: str, now: datetime) -> SignedIn | None:
    """The live session of a token with staff, roles, store, mall and merchant: ONE statement, a row for each role."""
    rows = _SIGNED_IN.all(digest=crypto.digest(token), portal=portal, now=now)
    return _signed_in(rows) if rows else None


def _signed_in(rows: Sequence[Row[Any]]) -> SignedIn:
    first, scope = rows[0], _scope(rows)
    stand = _stand(first) if first.stand_id is not None else None
    if stand is not None and not scope.permits("portal.enter", stand.place):
        stand = None
    return SignedIn(
        session_id=first.session_id,
        expires_at=first.expires_at,
        staff_id=first.staff_id,
        public_id=first.public_id,
        name=first.name,
        phone_masked=first.phone_masked,
        password_temporary=first.password_temporary,
        scope=scope,
        stand=stand,
    )


def _stand(row: Row[Any]) -> Stand:
    return Stand(
        store_id=row.stand_id,
        store_code=row.store_code,
        store_name=row.store_name,
        floor=row.floor,
        mall_id=row.stand_mall_id,
        mall_name=row.mall_name,
        accent=row.accent,
        mall_logo=row.mall_logo,
        merchant_id=row.stand_merchant_id,
        merchant_name=row.merchant_name,
    )


def _scope(rows: Sequence[Any]) -> Scope:
    return Scope(
        tuple(
            Grant(Role(row.role), Place(mall_id=row.mall_id, merchant_id=row.merchant_id, store_id=row.store_id))
            for row in rows
        )
    )


def phone_index(phone: str) -> str:
    """The blind index of a staff phone (normalised, or as typed where it is none)."""
    return crypto.blind_index(phone, purpose=PHONE_PURPOSE)


def list_member_indexes() -> dict[str, int]:
    """By what members are found who have the phone of somebody of the staff: index → staff id."""
    rows = db.session.execute(select(Staff.member_index, Staff.id).where(Staff.member_index.is_not(None)))
    return {index: staff_id for index, staff_id in rows if index is not None}


def list_without_member_index() -> list[tuple[int, str]]:
    """Id and phone (normalised) of who was hired before that index was kept."""
    rows = db.session.execute(select(Staff.id, Staff.phone_sealed).where(Staff.member_index.is_(None)))
    return [(row.id, crypto.unseal(row.phone_sealed, purpose=PHONE_PURPOSE)) for row in rows]


def find_credentials(phone: str) -> Credentials | None:
    """What a sign-in with this phone (normalised) is checked against."""
    row = db.session.execute(
        select(Staff.id, Staff.name, Staff.password_hash, Staff.active).where(Staff.phone_index == phone_index(phone))
    ).first()
    if row is None:
        return None
    return Credentials(staff_id=row.id, name=row.name, password_hash=row.password_hash, active=row.active)


def get_staff(staff_id: int) -> Staff:
    """The member of staff; raises NotFound."""
    person = db.session.get(Staff, staff_id)
    if person is None:
        raise NotFound(staff_id=staff_id)
    return person


def lock_staff(staff_id: int) -> Staff:
    """The member of staff FOR UPDATE as they are now; raises NotFound."""
    person = db.session.scalar(
        select(Staff).where(Staff.id == staff_id).with_for_update().execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFound(staff_id=staff_id)
    return person


def names_of(staff_ids: Collection[int]) -> dict[int, str]:
    """Names by id."""
    return labels_of(Staff.id, Staff.name, staff_ids)


def find_staff_id(public_id: str) -> int | None:
    """Whose id it is outside."""
    return db.session.scalar(select(Staff.id).where(Staff.public_id == public_id))


def away(staff_id: int, *, now: datetime) -> SignedIn:
    """Somebody as they would be if they signed in now, for what is done for them while they are away.

    Raises Forbidden for an account that is switched off.
    """
    person = get_staff(staff_id)
    if not person.active:
        raise Forbidden(staff=staff_id)
    return SignedIn(
        session_id=0,
        expires_at=now,
        staff_id=person.id,
        public_id=person.public_id,
        name=person.name,
        phone_masked=person.phone_masked,
        password_temporary=False,
        scope=scope_of(person.id),
        stand=None,
    )


def scope_of(staff_id: int) -> Scope:
    """All grants of a member of staff."""
    roles = db.session.scalars(select(StaffRole).where(StaffRole.staff_id == staff_id).order_by(StaffRole.id)).all()
    return _scope(roles)


def list_stores_for(scope: Scope, permission: str = "portal.enter") -> Sequence[Row[tuple[Store, str]]]:
    """Active stores in which the permission is held, each with its mall's name; by mall, floor and name."""
    return db.session.execute(
        select(Store, Mall.name.label("mall_name"))
        .join(Mall, Mall.id == Store.mall_id)
        .where(
            Store.active,
            scope.condition(permission, mall_id=Store.mall_id, merchant_id=Store.merchant_id, store_id=Store.id),
        )
        .order_by(Store.mall_id, Store.floor, Store.name, Store.id)
    ).all()


_MALLS = Prepared(
    select(Mall.id, Mall.code, Mall.name, Mall.accent)
    .where(or_(bindparam("in_all", type_=Boolean), Mall.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))))
    .order_by(Mall.id)
)


def list_malls_for(scope: Scope, permission: str = "console.enter") -> Sequence[Any]:
    """The malls in which the permission is held, the oldest first: id, code, name, accent. Every page asks."""
    ids = scope.malls(permission)
    return _MALLS.all(in_all=ids is None, ids=sorted(ids or ()))
