"""What tests of imports do as an operator does it."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import openpyxl
import xlsxwriter
from sqlalchemy import select

from app.imports.models import Import
from app.kernel.db import db
from app.workers.imports import reading, running
from mall_console.imports import columns
from tests.builders.console import World
from tests.mall_console.conftest import Console

HEADINGS = ("会员卡号", "手机号码", "姓名", "注册日期", "备注")
ROWS = (
    ("A001", "13700000001", "王小明", "2024/5/1", "老客"),
    ("A002", "1370000", "李雷", "2024/5/1", ""),
    ("A003", "13700000003", "无", "2024-5-1 9:05", ""),
)


def look() -> None:
    """Let workers look at whatever came."""
    while reading.read_next():
        pass


def csv_of(headings: Sequence[str], rows: Sequence[Sequence[str]], separator: str = ",") -> bytes:
    return "\n".join(separator.join(row) for row in (headings, *rows)).encode("utf-8-sig")


def workbook_of(rows: Sequence[Sequence[Any]], **sheets: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out)
    day = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, lines in {"数据": rows, **sheets}.items():
        sheet = workbook.add_worksheet(name)
        for line, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                sheet.write(line, place, cell, *([day] if isinstance(cell, datetime) else []))
    workbook.close()
    return out.getvalue()


def bring(console: Console, world: World, data: bytes, *, kind: str = "members", name: str = "会员.csv") -> str:
    """Upload a file; returns its page when a worker has looked at it."""
    answer = console.post(f"{world.base}/imports", kind=kind, file=(io.BytesIO(data), name))
    assert answer.status_code == 303, answer.text
    look()
    return answer.location


def found_at(page: str) -> Import:
    public_id = page.rsplit("/", 1)[1]
    return db.session.scalars(
        select(Import).where(Import.public_id == public_id).execution_options(populate_existing=True)
    ).one()


def work() -> None:
    while running.work_on_next():
        pass


def say_columns(console: Console, page: str, *, then: str = "check", **said: object) -> None:
    """Take what the page proposes, with changes."""
    found = found_at(page)
    proposed, _ = columns.find(found)
    places = {f"place_{name}": place for name, place in proposed.places.items()}
    answer = console.post(f"{page}/columns", page=page, **{"effects": "none", "then": then, **places, **said})
    assert answer.location == page, answer.text


def sheet_of(data: bytes, number: int = 0) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[number].values)
