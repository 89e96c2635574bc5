"""What has served its time: the bytes of files, and what was told of their rows."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.imports.models import ENDS, Import, ImportPiece, Status
from app.kernel.db import db

KEPT = timedelta(days=14)
LEFT_HALFWAY = timedelta(days=1)
_BATCH = 500


def forget_files(*, now: datetime) -> int:
    """Forget the bytes of a batch of old imports and of uploads left halfway; returns how many imports they were.

    They are locked first: a piece that comes now is here before and goes with them, or finds the upload ended.
    """
    halfway = (Import.status == Status.RECEIVING.value) & (Import.uploaded_at < now - LEFT_HALFWAY)
    busy = Import.status.in_([Status.READING.value, Status.CHECKING.value, Status.RUNNING.value])
    is_old = (Import.uploaded_at < now - KEPT) & ~busy
    ids = db.session.scalars(
        select(Import.id)
        .where(Import.cleared_at.is_(None), halfway | is_old)
        .order_by(Import.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    db.session.execute(delete(ImportPiece).where(ImportPiece.import_id.in_(ids)))
    db.session.execute(update(Import).where(Import.id.in_(ids)).values(cleared_at=now))
    ends = [status.value for status in ENDS]
    db.session.execute(
        update(Import)
        .where(Import.id.in_(ids), Import.status.not_in(ends))
        .values(status=Status.CANCELLED.value, done_at=now, given_up_at=None)
    )
    return len(ids)


SWEEPS = {"import_files": forget_files}
