"""Reading machines."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select

from app.access.machines.models import Machine
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of
from app.malls.models import Store

ORDER = Order(Machine.id.desc())


def list_machines(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Machine, str]]:
    """A page of machines with their store's name (None: they stand for no store), the newest first."""
    query = select(Machine, Store.name).outerjoin(Store, Store.id == Machine.store_id).where(*wanted)
    return keyset.rows(query, order, asked)


def get_machine(client_id: str, *, visible: ColumnElement[bool]) -> Machine:
    """The machine if it is visible; raises NotFound."""
    machine = db.session.scalar(select(Machine).where(Machine.client_id == client_id, visible))
    if machine is None:
        raise NotFound(machine=client_id)
    return machine


def names_of(machine_ids: Collection[int]) -> dict[int, str]:
    """Names by id."""
    return labels_of(Machine.id, Machine.name, machine_ids)
