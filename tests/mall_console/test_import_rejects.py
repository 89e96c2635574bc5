"""Rows of an import with a problem, too many to wait for: made by a worker, sealed, for who may see them."""

import pytest
from sqlalchemy import func, select

from app.access.list_files.models import ListFile, ListFilePart
from app.access.models import StaffRole
from app.imports.models import Import
from app.kernel.db import db
from app.workers import list_files as worker
from mall_console.imports import imports, rejects
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.mall_console.importing import HEADINGS, ROWS, bring, csv_of, found_at, say_columns, sheet_of, work


@pytest.fixture
def tried(operations: Console, world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """An import that was tried, with more bad rows than an answer waits for."""
    for module in (imports, rejects):
        monkeypatch.setattr(module, "MOST_ROWS", 1)
    address = bring(operations, world, csv_of(HEADINGS, ROWS))
    say_columns(operations, address)
    work()
    return address


@pytest.fixture
def asked(operations: Console, tried: str) -> ListFile:
    shown = operations.get(tried).text
    assert "生成问题行（Excel）" in shown and f"{tried}/rejects.xlsx" not in shown
    assert operations.get(f"{tried}/rejects.xlsx").status_code == 409
    assert operations.post(f"{tried}/rejects").location.endswith("/list-files")
    assert audited("import.download").subject == f"import:{found_at(tried).id}"
    return db.session.scalars(select(ListFile)).one()


def test_many_rows_are_made_in_the_background_and_lie_sealed(
    operations: Console, auditor: Console, world: World, asked: ListFile
) -> None:
    assert worker.make_due_files() == 1
    shown = operations.get(f"{world.base}/list-files").text
    assert "导入问题行" in shown and "会员.csv" in shown and "可以下载" in shown
    address = f"{world.base}/list-files/{asked.public_id}"
    answer = operations.get(address)
    rows = sheet_of(answer.data)
    assert (rows[0][-1], rows[1][:2]) == ("原因", ("A002", "1370000"))
    assert sheet_of(answer.data, 1)[1][0] == "A003"
    assert auditor.get(address).status_code == 404
    sealed = db.session.scalars(select(ListFilePart.sealed)).all()
    assert sealed and not any(part.startswith(b"PK") or b"PK" == part[13:15] for part in sealed)
    db.session.refresh(asked)
    assert asked.row_count == 2


def test_who_may_not_import_any_more_gets_no_file(operations: Console, asked: ListFile) -> None:
    role = db.session.scalars(select(StaffRole).where(StaffRole.staff_id == operations.person.id)).one()
    db.session.delete(role)
    db.session.flush()
    worker.make_due_files()
    db.session.refresh(asked)
    assert asked.given_up_at is not None and asked.done_at is None


def test_a_file_that_is_gone_by_then_is_said_to_be(operations: Console, world: World, asked: ListFile) -> None:
    found = db.session.scalars(select(Import).where(Import.public_id == asked.about)).one()
    found.cleared_at = found.uploaded_at
    db.session.flush()
    worker.make_due_files()
    assert "导入文件已过保留期" in operations.get(f"{world.base}/list-files").text
    assert db.session.scalar(select(func.count()).select_from(ListFilePart)) == 0
