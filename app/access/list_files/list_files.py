"""A list as a file: asked for, made in pieces, read again, forgotten."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import IO

from sqlalchemy import ColumnElement, delete, func, insert, select

from app.access.list_files.errors import TooManyFiles
from app.access.list_files.models import ListFile, ListFilePart
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.outbox import Claim, Pauses, Queue
from app.kernel.security import codes, crypto

KEPT_FOR = timedelta(days=7)
MOST_WAITING = 5
PART_BYTES = 1024 * 1024
PURPOSE = "list file"
ORDER = Order(ListFile.id.desc())
# A long list takes minutes, in which its worker renews the lease; one that died does not.
FILES = Queue(
    ListFile,
    lease=timedelta(minutes=1),
    pauses=Pauses(first=timedelta(seconds=30), longest=timedelta(minutes=5), most_attempts=3),
)


def ask(
    staff_id: int,
    mall_id: int,
    *,
    listing: str,
    query: str,
    kind: str,
    now: datetime,
    about: tuple[str, str] | None = None,
) -> ListFile:
    """Have a list made into a file; `about` is key and name of the thing it is about. Raises TooManyFiles."""
    waiting = select(func.count()).where(ListFile.staff_id == staff_id, outbox.is_waiting(FILES))
    if (db.session.scalar(waiting) or 0) >= MOST_WAITING:
        raise TooManyFiles(most=MOST_WAITING)
    asked = ListFile(
        public_id=codes.new_public_id(),
        staff_id=staff_id,
        mall_id=mall_id,
        listing=listing,
        about=about[0] if about else None,
        about_name=about[1] if about else None,
        query=query,
        kind=kind,
        asked_at=now,
        due_at=now,
        attempts=0,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def claim_due(*, now: datetime, limit: int) -> Sequence[ListFile]:
    """Take files that are to be made, for one worker."""
    return outbox.claim(FILES, now=now, limit=limit)


def keep(claim: Claim, content: IO[bytes], *, row_count: int, now: datetime) -> bool:
    """Keep the content of a file that was made; False when another worker has made it."""
    (file_id,) = claim.key
    db.session.execute(delete(ListFilePart).where(ListFilePart.file_id == file_id))
    size, number = 0, 0
    while part := content.read(PART_BYTES):
        sealed = crypto.seal_bytes(part, purpose=PURPOSE)
        db.session.execute(insert(ListFilePart).values(file_id=file_id, number=number, sealed=sealed))
        size, number = size + len(part), number + 1
    return outbox.finish(FILES, claim, now=now, row_count=row_count, size_bytes=size)


def postpone(claim: Claim, *, error: str, now: datetime) -> bool:
    """The file could not be made now; returns whether it was given up."""
    return outbox.postpone(FILES, claim, error=error, now=now)


def give_up(claim: Claim, *, error: str, now: datetime) -> bool:
    """The file cannot be made."""
    return outbox.give_up(FILES, claim, error=error, now=now)


def list_files(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[ListFile]:
    """A page of files, the last asked for first."""
    return keyset.scalars(select(ListFile).where(*wanted), order, asked)


def get_made(public_id: str, *, staff_id: int, mall_id: int) -> ListFile:
    """The person's file that was made; raises NotFound."""
    found = db.session.scalar(
        select(ListFile).where(
            ListFile.public_id == public_id,
            ListFile.staff_id == staff_id,
            ListFile.mall_id == mall_id,
            ListFile.done_at.is_not(None),
        )
    )
    if found is None:
        raise NotFound(list_file=public_id)
    return found


def read_parts(file_id: int) -> Iterator[bytes]:
    """The content, piece by piece."""
    number = 0
    while True:
        wanted = ListFilePart.file_id == file_id, ListFilePart.number == number
        sealed = db.session.scalar(select(ListFilePart.sealed).where(*wanted))
        if sealed is None:
            return
        yield crypto.unseal_bytes(sealed, purpose=PURPOSE)
        number += 1


def sweep(*, now: datetime) -> int:
    """Forget files that were kept long enough; returns how many."""
    old = ListFile.asked_at < now - KEPT_FOR
    db.session.execute(delete(ListFilePart).where(ListFilePart.file_id.in_(select(ListFile.id).where(old))))
    return len(db.session.scalars(delete(ListFile).where(old).returning(ListFile.id)).all())
