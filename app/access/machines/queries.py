"""Reading machines."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, select

from app.access.machines.models import Machine
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.labels import labels_of
from app.malls.models import Store


def list_machines(*wanted: ColumnElement[bool], limit: int = 50) -> Sequence[tuple[Machine, str | None]]:
    """A page of machines with their store's name, if they stand for one, the newest first."""
    rows = db.session.execute(
        select(Machine, Store.name)
        .outerjoin(Store, Store.id == Machine.store_id)
        .where(*wanted)
        .order_by(Machine.id.desc())
        .limit(limit)
    )
    return [(machine, store) for machine, store in rows]


def get_machine(client_id: str, *, visible: ColumnElement[bool]) -> Machine:
    """The machine if it is visible; raises NotFound."""
    machine = db.session.scalar(select(Machine).where(Machine.client_id == client_id, visible))
    if machine is None:
        raise NotFound(machine=client_id)
    return machine


def names_of(machine_ids: Collection[int]) -> dict[int, str]:
    """Names by id."""
    return labels_of(Machine.id, Machine.name, machine_ids)
