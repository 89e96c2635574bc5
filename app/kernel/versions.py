"""Settings that change on a date: a table of versions, each in force until the next one of the same thing starts.

A package keeps its own table: the model takes `FromMoment` or `FromDay` (and `Published`, where it says who set it),
with a unique constraint that ends with `effective_from`. Versions are added and, before they start, taken back; they
are never changed, so what happened under one stays explained.

The conditions `*of` say whose versions are meant: one car park's, one merchant's in one mall; none means all of the
table. Nothing here knows what a version says: which days are too late, and what else moves with a version, is the
rule of the package that owns the table.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import ColumnElement, Select, bindparam, delete, select
from sqlalchemy.orm import Mapped

from app.kernel.db import Model, add_unless_taken, db, identity_column, table_of
from app.kernel.errors import DomainError
from app.kernel.fastpath.entities import PreparedEntities


class _Version:
    """`is_new`: whether it was published just now; False for one that was there and says the same."""

    is_new = False


class FromMoment(_Version):
    """Columns of a version that holds from a moment on."""

    id: Mapped[int] = identity_column()
    effective_from: Mapped[datetime]


class FromDay(_Version):
    """Columns of a version that holds from the beginning of a mall's day on."""

    id: Mapped[int] = identity_column()
    effective_from: Mapped[date]


class Published:
    """Columns that say when and by whom a version was set."""

    created_at: Mapped[datetime]
    created_by: Mapped[str]


V = TypeVar("V", bound=FromMoment | FromDay)

# What a version is, not what it says.
_ABOUT = {"id", "effective_from", "created_at", "created_by"}


def find_at(model: type[V], *of: ColumnElement[bool], at: date) -> V | None:
    """The version in force at a moment (or on a day): the latest that starts then or before."""
    return db.session.scalar(_latest_first(model, *of, _start(model) <= at).limit(1))


class Latest(Generic[V]):
    """`find_at` as a prepared statement, for versions that every purchase asks for; `of` are the columns that say whose
    they are.
    """

    def __init__(self, model: type[V], *of: str) -> None:
        columns = table_of(cast(type[Model], model)).c
        wanted = [columns[name] == bindparam(name) for name in of]
        start = columns.effective_from
        clause = select(*columns).where(*wanted, start <= bindparam("at")).order_by(start.desc()).limit(1)
        self._found = PreparedEntities(cast(type[Model], model), clause)

    def find(self, *, at: date, **of: int) -> V | None:
        """The version in force at a moment (or on a day)."""
        return cast(V | None, self._found.first(at=at, **of))


def find_next(model: type[V], *of: ColumnElement[bool], after: date | None = None) -> V | None:
    """The first version that starts after a moment (or day); without one, the first of all."""
    later = () if after is None else (_start(model) > after,)
    return db.session.scalar(select(model).where(*of, *later).order_by(_start(model)).limit(1))


def list_between(model: type[V], *of: ColumnElement[bool], after: date, until: date) -> Sequence[V]:
    """Those that start after a moment (or day), up to another one, the earliest first."""
    start = _start(model)
    return db.session.scalars(select(model).where(*of, start > after, start <= until).order_by(start)).all()


def list_versions(model: type[V], *of: ColumnElement[bool], limit: int | None = None) -> Sequence[V]:
    """Every version there was and will be, the latest first."""
    return db.session.scalars(_latest_first(model, *of).limit(limit)).all()


def list_at(model: type[V], *of: ColumnElement[bool], each: Any, at: date) -> Sequence[V]:
    """The version in force at a moment (or on a day) for each value of the column `each`."""
    found = select(model).distinct(each).where(*of, _start(model) <= at).order_by(each, _start(model).desc())
    return db.session.scalars(found).all()


def find_same(version: V, *of: ColumnElement[bool], taken: DomainError) -> V | None:
    """The version that starts with this new one and says the same; raises `taken` when it says something else."""
    model = type(version)
    known = db.session.scalar(select(model).where(*of, _start(model) == version.effective_from))
    if known is not None and _said(known) != _said(version):
        raise taken
    if known is not None:
        known.is_new = False
    return known


def publish(version: V, *, taken: DomainError) -> V:
    """Add a version; raises `taken` when another of the same thing starts at the same time."""
    row = cast(Model, version)
    add_unless_taken(row, f"uq_{row.__tablename__}_", taken)
    version.is_new = True
    return version


def publish_once(version: V, *of: ColumnElement[bool], taken: DomainError) -> V:
    """Add a version, unless one that says the same starts with it: then that one is returned, also when somebody adds
    it at the same moment. Raises `taken` when another starts then.
    """
    known = find_same(version, *of, taken=taken)
    if known is not None:
        return known
    try:
        return publish(version, taken=taken)
    except type(taken):
        added_meanwhile = find_same(version, *of, taken=taken)
        if added_meanwhile is None:
            raise
        return added_meanwhile


def withdraw(model: type[V], version_id: int, *of: ColumnElement[bool], after: date, begun: DomainError) -> V:
    """Take back a version that starts after a moment (or day), as if it had never been; returns what it said.

    Raises `begun` when it starts earlier, or is gone already.
    """
    gone = delete(model).where(_id(model) == version_id, *of, _start(model) > after).returning(model)
    version = db.session.scalar(gone)
    if version is None:
        raise begun
    return version


def _latest_first(model: type[V], *wanted: ColumnElement[bool]) -> Select[tuple[V]]:
    return select(model).where(*wanted).order_by(_start(model).desc())


def _said(version: FromMoment | FromDay) -> dict[str, Any]:
    """The values of a version's own columns."""
    columns = table_of(cast(type[Model], type(version))).columns
    return {column.name: getattr(version, column.name) for column in columns if column.name not in _ABOUT}


def _start(model: type[Any]) -> ColumnElement[Any]:
    return cast(ColumnElement[Any], model.effective_from)


def _id(model: type[Any]) -> ColumnElement[int]:
    return cast(ColumnElement[int], model.id)
