"""Changing keys: what an older key sealed is opened and sealed anew, so that the old key can leave the ring."""

from dataclasses import dataclass

from sqlalchemy import Table, func, select, update

from app.access import staff_queries
from app.access.machines import machines
from app.access.machines.models import Machine
from app.access.models import Staff
from app.identity import queries
from app.identity.models import Member
from app.kernel.db import db, table_of
from app.kernel.security import crypto
from app.parking.car_parks import car_parks
from app.parking.car_parks.models import CarPark
from app.verification import phones

BATCH = 500


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """Where sealed values lie, and for what they were sealed. Platform tokens live for hours and are not among them."""

    table: Table
    column: str
    purpose: str


COLUMNS = (
    SealedColumn(table_of(Member), "phone_sealed", phones.PHONE_PURPOSE),
    SealedColumn(table_of(Member), "name_sealed", queries.NAME_PURPOSE),
    SealedColumn(table_of(Staff), "phone_sealed", staff_queries.PHONE_PURPOSE),
    SealedColumn(table_of(Machine), "secret_sealed", machines.SECRET_PURPOSE),
    SealedColumn(table_of(CarPark), "gate_secret_sealed", car_parks.SECRET_PURPOSE),
)


def reseal_some(where: SealedColumn) -> int:
    """Seal up to a batch of the column's values with the current key; returns how many. Locks only their rows.

    Raises SealBroken when a value's key is no longer on the ring: then nothing of the batch is changed.
    """
    table, sealed = where.table, where.table.c[where.column]
    rows = db.session.execute(
        select(table.c.id, sealed)
        .where(sealed.is_not(None), func.get_byte(sealed, 0) != crypto.current_key())
        .order_by(table.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row_id, value in rows:
        fresh = crypto.seal(crypto.unseal(value, purpose=where.purpose), purpose=where.purpose)
        db.session.execute(update(table).where(table.c.id == row_id).values({where.column: fresh}))
    return len(rows)
