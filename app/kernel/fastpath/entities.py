"""Objects of the session whose rows prepared statements read and write.

What the session loads, flushes and refreshes by itself costs several times as much (`script/bench join`).
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from app.kernel.db import Model, db
from app.kernel.fastpath.prepared import Prepared

Entity = TypeVar("Entity", bound=Model)


class PreparedEntities(Generic[Entity]):
    """A statement that reads whole rows of a table, `select(table_of(Entity))…`.

    An object that the session holds already stays as it is, as with the session's own statements; with `refresh` it
    gets the row's values, as with `populate_existing`.
    """

    def __init__(self, model: type[Entity], clause: Select[Any], *, refresh: bool = False) -> None:
        self._model = model
        self._statement = Prepared(clause)
        self._refresh = refresh

    def first(self, **values: Any) -> Entity | None:
        """The first row's object, or None."""
        row = self._statement.first(**values)
        return None if row is None else hold(self._model, row._asdict(), refresh=self._refresh)

    def all(self, **values: Any) -> Sequence[Entity]:
        """Every row's object."""
        rows = self._statement.all(**values)
        return [hold(self._model, row._asdict(), refresh=self._refresh) for row in rows]


def hold(model: type[Entity], row: dict[str, Any], *, refresh: bool = False) -> Entity:
    """The session's object for a whole row that was read past it."""
    mapper = inspect(model)
    key = mapper.identity_key_from_primary_key(tuple(row[column.name] for column in mapper.primary_key))
    held = db.session().identity_map.get(key)
    if not isinstance(held, model):
        made = model()  # empty: the constructor would note every value that it is handed as a change
        made.__dict__.update(row)
        return _keep(made)
    if refresh or inspect(held).expired:
        amend(held, **row)
    return held


def adopt(row: Entity) -> Entity:
    """Let the session hold an object for a row that is written past it, as if it had written the row itself.

    What the object was not given is NULL in the row. The session holds no other object for it.
    """
    for column in inspect(type(row)).column_attrs:
        if column.key not in row.__dict__:
            setattr(row, column.key, None)
    return _keep(row)


def _keep(row: Entity) -> Entity:
    make_transient_to_detached(row)
    db.session.add(row)
    return row


def amend(held: Model, **values: Any) -> None:
    """Let an object of the session show what its row is, or is about to be: the session has nothing to write."""
    for name, value in values.items():
        set_committed_value(held, name, value)
