"""Workbooks as programs and people make them, cell by cell; what would read as if it were empty is told or refused."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.flows.history.files import workbooks
from app.flows.history.files.errors import FileInvalid

pytestmark = pytest.mark.no_database

HEADER = ["card_no", "phone", "name", "joined_at"]


def make(path: Path, fill: Callable[[xlsxwriter.Workbook, Worksheet], None], **options: object) -> Path:
    """A workbook whose first sheet nobody sees."""
    with xlsxwriter.Workbook(path, options) as workbook:
        hidden, shown = workbook.add_worksheet("隐藏"), workbook.add_worksheet("会员")
        hidden.write_row(0, 0, ["a", "b"])
        hidden.hide()
        shown.activate()
        shown.write_row(1, 0, HEADER)
        fill(workbook, shown)
    return path


def read(path: Path) -> list[str]:
    target = path.with_suffix(".csv")
    assert workbooks.write_text(path, target, most_rows=100).names == ("会员", "隐藏")
    return target.read_text(encoding="utf-8").splitlines()


def refused(path: Path) -> dict[str, object]:
    with pytest.raises(FileInvalid) as error:
        workbooks.write_text(path, path.with_suffix(".csv"), most_rows=100)
    return dict(error.value.facts)


@pytest.mark.parametrize("is_1904", [False, True])
def test_cells_are_read_as_somebody_sees_them(tmp_path: Path, is_1904: bool) -> None:
    def fill(workbook: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        sheet.merge_range("A1:D1", "会员列表")
        bold, day = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(2, 0, ["C1", 13_700_000_501, "张_x000D_三"])
        sheet.write_datetime(2, 3, datetime.fromisoformat("2026-01-05 12:29:59.999900"), day)
        sheet.write(3, 0, True)
        sheet.write_formula(3, 1, "=1/0", None, "#DIV/0!")
        sheet.write_rich_string(3, 2, bold, "李", "小", bold, "四")
        sheet.write_number(3, 3, 46_027)
        sheet.merge_range("A5:C5", "合计")
        sheet.write_formula(4, 3, "=1+1", None, 2)

    assert read(make(tmp_path / "m.xlsx", fill, date_1904=is_1904)) == [
        "",
        ",".join(HEADER),
        "C1,13700000501,张 三,2026-01-05 12:30:00",
        "TRUE,#DIV/0!,李小四,46027",
        "合计,,,2",
    ]


def test_rows_keep_their_numbers_and_cells_their_zeros(tmp_path: Path) -> None:
    """A table that begins below the first row of a sheet, and numbers that their format fills up."""

    def fill(workbook: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        zeros = workbook.add_format({"num_format": "00000000"})
        sheet.write_number(2, 0, 12, zeros)
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 0, "=A3+1", zeros, 13)

    assert read(make(tmp_path / "m.xlsx", fill)) == ["", ",".join(HEADER), "00000012,#DIV/0!,,", "00000013,,,"]


def test_a_workbook_whose_sheet_is_torn_is_broken_and_not_empty(tmp_path: Path) -> None:
    path, out = make(tmp_path / "m.xlsx", lambda _, sheet: sheet.write(3, 1, "x")), io.BytesIO()
    with zipfile.ZipFile(path) as made, zipfile.ZipFile(out, "w") as target:
        for name in made.namelist():
            target.writestr(name, made.read(name)[: 300 if "sheet2" in name else None])
    path.write_bytes(out.getvalue())
    assert refused(path) == {"reason": "broken"}


def test_rows_that_share_a_cell_are_not_read_as_if_only_the_first_had_it(tmp_path: Path) -> None:
    path = make(tmp_path / "m.xlsx", lambda _, sheet: sheet.merge_range("A4:A5", "C1"))
    assert refused(path) == {"reason": "merged", "row": 4}


def test_a_formula_that_nothing_was_saved_with_is_not_read_as_empty(tmp_path: Path) -> None:
    """As programs write them that do not compute."""
    path, out = make(tmp_path / "m.xlsx", lambda _, sheet: sheet.write_formula(3, 1, "=A4", None, 7)), io.BytesIO()
    with zipfile.ZipFile(path) as made, zipfile.ZipFile(out, "w") as target:
        for name in made.namelist():
            target.writestr(name, made.read(name).replace(b"<v>7</v>", b"<v/>"))
    path.write_bytes(out.getvalue())
    assert refused(path) == {"reason": "formula", "cell": "B4"}
