"""What the audit log calls tags that people give."""

from collections.abc import Collection

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.lists.labels import by_number
from app.lifecycle.tags.by_hand.models import ManualTag


def _names_of(ids: Collection[int]) -> dict[int, str]:
    rows = db.session.execute(select(ManualTag.id, ManualTag.name).where(ManualTag.id.in_(ids)))
    return dict(rows.tuples().all())


NAMES = {"manual_tag": by_number(_names_of)}
