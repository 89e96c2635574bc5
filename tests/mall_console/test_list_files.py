"""Lists that are too long to wait for: asked for, made by a worker, fetched by who asked, forgotten."""

import csv
import io

import pytest
from sqlalchemy import func, select

from app.access.list_files import list_files
from app.access.list_files.models import ListFile, ListFilePart
from app.access.models import Role, StaffRole
from app.kernel.db import db
from app.workers import list_files as worker
from mall_console.kit.listing import files, list_builder
from tests.builders.console import World
from tests.mall_console.conftest import Console, audited
from tests.support.clock import StillClock

COLUMNS = "col=at&col=number&col=amount"


@pytest.fixture
def asked(operations: Console, world: World, monkeypatch: pytest.MonkeyPatch) -> ListFile:
    """A file that operations asked for: receipts of the mall by their number."""
    monkeypatch.setattr(files, "MOST_ROWS", 0)
    path = f"{world.base}/purchases"
    query = f"{operations.searched(path, 'YH', listing='purchases')}&{COLUMNS}"
    assert f'name="query" value="{query.replace("&", "&amp;")}"' in operations.get(f"{path}?{query}").text
    form = {"list": "purchases", "query": query, "kind": "csv"}
    assert operations.post(f"{world.base}/list-files", **form).status_code == 303
    return db.session.scalars(select(ListFile)).one()


def fetched(console: Console, world: World, file: ListFile) -> list[list[str]]:
    answer = console.get(f"{world.base}/list-files/{file.public_id}")
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_a_long_list_is_made_in_the_background_and_fetched(
    operations: Console, world: World, asked: ListFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "生成中" in operations.get(f"{world.base}/list-files").text
    assert operations.get(f"{world.base}/list-files/{asked.public_id}").status_code == 404
    monkeypatch.setattr(list_files, "PART_BYTES", 16)
    assert worker.make_due_files() == 1
    assert worker.make_due_files() == 0
    assert [row[1:] for row in fetched(operations, world, asked)] == [["小票号", "金额"], ["YH-R1", "123.45"]]
    db.session.refresh(asked)
    assert (asked.row_count, asked.attempts) == (1, 1)
    assert db.session.scalar(select(func.count()).select_from(ListFilePart)) == -(-asked.size_bytes // 16)
    page = operations.get(f"{world.base}/list-files").text
    assert "可以下载" in page and "搜索" not in page.split("<tbody")[1]
    assert audited("list.export").facts["background"] is True


def test_nobody_else_fetches_it(
    operations: Console, auditor: Console, administrator: Console, world: World, other: World, asked: ListFile
) -> None:
    worker.make_due_files()
    for console in (auditor, administrator):
        assert console.get(f"{world.base}/list-files/{asked.public_id}").status_code == 404
        assert asked.public_id not in console.get(f"{world.base}/list-files").text
    assert administrator.get(f"{other.base}/list-files/{asked.public_id}").status_code == 404


def test_who_may_not_see_the_list_any_more_gets_no_file(operations: Console, world: World, asked: ListFile) -> None:
    role = db.session.scalars(select(StaffRole).where(StaffRole.staff_id == operations.person.id)).one()
    db.session.delete(role)
    db.session.flush()
    worker.make_due_files()
    db.session.refresh(asked)
    assert (asked.done_at, asked.last_error) == (None, "not_found")
    assert asked.given_up_at is not None


def test_who_works_elsewhere_now_fetches_no_file_of_before(operations: Console, world: World, asked: ListFile) -> None:
    worker.make_due_files()
    asked.listing = "members"
    db.session.flush()
    path = f"{world.base}/list-files/{asked.public_id}"
    assert operations.get(path).status_code == 200
    role = db.session.scalars(select(StaffRole).where(StaffRole.staff_id == operations.person.id)).one()
    role.role = Role.FINANCE.value
    db.session.flush()
    assert operations.get(path).status_code == 403


def test_a_list_without_end_is_given_up(
    operations: Console, world: World, asked: ListFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_builder, "MOST_ROWS", 0)
    worker.make_due_files()
    page = operations.get(f"{world.base}/list-files").text
    assert "没有生成" in page and "记录过多，请缩小范围" in page


def test_what_failed_is_tried_again_and_then_given_up(
    asked: ListFile, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*facts: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(worker, "_BUILDERS", (fail,))
    for _ in range(3):
        assert worker.make_due_files() == 1
        clock.advance(hours=1)
    assert worker.make_due_files() == 0
    db.session.refresh(asked)
    assert (asked.attempts, asked.last_error) == (3, "OSError")


def test_few_wait_at_once_and_none_is_kept_for_ever(
    operations: Console, world: World, asked: ListFile, clock: StillClock
) -> None:
    form = {"list": "purchases", "query": "", "kind": "xlsx"}
    statuses = [operations.post(f"{world.base}/list-files", **form).status_code for _ in range(5)]
    assert statuses == [303] * 4 + [409]
    assert operations.post(f"{world.base}/list-files", list="staff", kind="csv", query="").status_code == 403
    assert operations.post(f"{world.base}/list-files", list="nothing", kind="csv", query="").status_code == 404
    worker.make_due_files()
    clock.advance(days=7, seconds=1)
    assert list_files.sweep(now=clock.now) == 5
    assert db.session.scalar(select(func.count()).select_from(ListFilePart)) == 0
