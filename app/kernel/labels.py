"""What rows are called, for lists that show what another room keeps."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel.db import db


def labels_of(
    key: InstrumentedAttribute[int], label: InstrumentedAttribute[str], ids: Collection[int]
) -> dict[int, str]:
    """The labels of the rows with these ids, by id; ids without a row are left out."""
    if not ids:
        return {}
    return dict(db.session.execute(select(key, label).where(key.in_(sorted(ids)))).tuples().all())
