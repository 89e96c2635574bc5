"""Reads of imports."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, select

from app.access.models import Staff
from app.imports.models import Import
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page
from app.kernel.lists.labels import labels_of

ORDER = Order(Import.id.desc())


def list_imports(
    *wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST
) -> Page[tuple[Import, Staff]]:
    """A page of imports with who brought them, the newest first if not asked otherwise."""
    return keyset.rows(select(Import, Staff).join(Staff, Staff.id == Import.staff_id).where(*wanted), order, asked)


def get(public_id: str, *, visible: ColumnElement[bool]) -> Import:
    """The import as it stands now; raises NotFound."""
    return _one(Import.public_id == public_id, visible)


def get_by_id(import_id: int) -> Import:
    return _one(Import.id == import_id)


def lock(found: Import) -> None:
    """Lock the import until the transaction ends, and see it as it stands then."""
    db.session.refresh(found, with_for_update=True)


def find_twin(found: Import) -> Import | None:
    """The latest import of the very same bytes in the same mall that was begun before this one."""
    if found.digest is None:
        return None
    return db.session.scalar(
        select(Import)
        .where(
            Import.mall_id == found.mall_id,
            Import.id < found.id,
            Import.kind == found.kind,
            Import.digest == found.digest,
            Import.begun_at.is_not(None),
        )
        .order_by(Import.id.desc())
        .limit(1)
    )


def names_of(import_ids: Collection[int]) -> dict[int, str]:
    """What the imports' files are called."""
    return labels_of(Import.id, Import.file_name, import_ids)


def _one(*conditions: Any) -> Import:
    found = db.session.scalar(select(Import).where(*conditions).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found
