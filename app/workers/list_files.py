"""Making lists into files, in the background; who shows lists knows how (`list_builder.py`)."""

import logging
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import IO

from app.access.list_files import list_files
from app.access.list_files.models import ListFile
from app.kernel import clock, discovery, outbox
from app.kernel.db import atomic, end_reading, one_moment
from app.kernel.errors import DomainError
from app.kernel.outbox import Claim
from app.kernel.runs import leases

logger = logging.getLogger(__name__)

# Writes a file's rows to where it is told, and returns how many.
Build = Callable[[ListFile, IO[bytes]], int]

_BUILDERS: tuple[Build, ...] = discovery.listed("LIST_BUILDERS", named="list_builder")


def make_due_files(*, limit: int = 1) -> int:
    """Make a few of the files that were asked for; returns how many were tried."""
    with atomic():
        found = list_files.claim_due(now=clock.now(), limit=limit)
    for file in found:
        claim = outbox.claim_of(file)
        with leases.renewed(list_files.FILES, claim):
            _make(file, claim)
    return len(found)


def _make(file: ListFile, claim: Claim) -> None:
    with TemporaryFile() as content:
        try:
            (build,) = _BUILDERS
            with one_moment():
                row_count = build(file, content)
        except DomainError as refusal:
            end_reading()
            with atomic():
                list_files.give_up(claim, error=refusal.code, now=clock.now())
            return
        except Exception as failure:
            logger.exception("a list was not made into a file", extra={"list_file": file.public_id})
            end_reading()
            with atomic():
                list_files.postpone(claim, error=type(failure).__name__, now=clock.now())
            return
        end_reading()
        content.seek(0)
        with atomic():
            list_files.keep(claim, content, row_count=row_count, now=clock.now())
