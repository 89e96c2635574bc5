"""Changing keys: what an older key sealed is opened and sealed anew, so that the old key can leave the ring."""

from sqlalchemy import and_, func, select, update

from app.kernel import discovery
from app.kernel.db import db
from app.kernel.personal_data import SealedColumn
from app.kernel.security import crypto

# Platform tokens live for hours and are not among them.
COLUMNS: tuple[SealedColumn, ...] = discovery.listed("SEALED", named="personal_data", below=["app"])


def reseal_some(where: SealedColumn) -> int:
    """Seal up to a batch of the column's values with the current key; returns how many it looked at.

    A value that somebody replaces meanwhile is left alone: it bears the current key by then. Raises SealBroken when a
    value's key is no longer on the ring: then nothing of the batch is changed.
    """
    table, sealed = where.table, where.table.c[where.column]
    rows = db.session.execute(
        select(table.c.id, sealed)
        .where(sealed.is_not(None), func.get_byte(sealed, 0) != crypto.current_key())
        .order_by(table.c.id)
        .limit(where.batch)
    ).all()
    for row_id, value in rows:
        fresh = crypto.seal_bytes(crypto.unseal_bytes(value, purpose=where.purpose), purpose=where.purpose)
        unchanged = and_(table.c.id == row_id, sealed == value)
        db.session.execute(update(table).where(unchanged).values({where.column: fresh}))
    return len(rows)
