"""What a file is made of: recognised where there is no doubt, else asked about or refused with what to do."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.flows.history.files import encodings
from app.flows.history.files.errors import FileInvalid
from app.identity import queries
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.security import crypto
from tests.builders.settlement import Contract
from tests.flows.history.conftest import Import
from tests.flows.history.files import MEMBER, reasons

HEADER = ",".join(MEMBER)
TRADITIONAL = ["陳大文", "黃美玲", "張學友", "劉德華", "歐陽菲菲", "鄭秀文"]
SIMPLIFIED = ["陈大文", "王小芳", "张三", "李四", "欧阳娜娜", "龚琳娜"]


def table(names: list[str], *, line: str = "\r\n", separator: str = ",") -> str:
    rows = [f"C{n},1370000050{n},{name},2026/1/5" for n, name in enumerate(names)]
    return line.join([HEADER, *rows, ""]).replace(",", separator)


def names() -> list[str]:
    sealed = db.session.scalars(select(Member.name_sealed).where(Member.name_sealed.is_not(None)).order_by(Member.id))
    return [crypto.unseal(name or b"", purpose=queries.NAME_PURPOSE) for name in sealed]


def recognised(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    try:
        return encodings.recognise(path)
    except FileInvalid as error:
        return f"asked: {error.facts['reason']}"


@pytest.mark.parametrize("count", [1, 2, 6])
def test_utf8_and_simplified_gb18030_are_recognised_also_in_short_files(tmp_path: Path, count: int) -> None:
    path = tmp_path / "m.csv"
    for text in (SIMPLIFIED[:count], TRADITIONAL[:count]):
        assert recognised(path, table(text).encode()) == "utf-8"
        assert recognised(path, table(text).encode("utf-8-sig")) == "utf-8"
    assert recognised(path, table(SIMPLIFIED[:count]).encode("gb18030")) == "gb18030"
    assert recognised(path, table([]).encode()) == "utf-8"


@pytest.mark.parametrize("count", range(1, 7))
def test_big5_is_never_guessed(tmp_path: Path, count: int) -> None:
    for first in range(6):
        text = (TRADITIONAL * 2)[first : first + count]
        assert recognised(tmp_path / "m.csv", table(text).encode("big5")) == "asked: encoding"


@pytest.mark.parametrize(
    "content", ["José".encode(), "茅台".encode("gb18030"), "李明".encode("shift_jis"), "김철수".encode("euc-kr")]
)
def test_what_reads_in_two_ways_is_asked_about(tmp_path: Path, content: bytes) -> None:
    content = f"{HEADER}\r\nC1,13700000501,".encode() + content + b",2026/1/5\r\n"
    assert recognised(tmp_path / "m.csv", content) == "asked: encoding"


def test_a_broken_line_does_not_make_another_encoding_of_a_file(tmp_path: Path) -> None:
    broken = table(SIMPLIFIED).encode() + "C9,13700000509,王五,2026/1/5\r\n".encode("gb18030")
    assert recognised(tmp_path / "m.csv", broken) == "utf-8"


def test_whoever_is_asked_sees_both_readings_and_answers(tmp_path: Path, contract: Contract, do_import: Import) -> None:
    path = tmp_path / "m.csv"
    path.write_bytes(table(TRADITIONAL).encode("big5"))
    done = do_import("members", path)
    assert done.exit_code == 2
    assert "--encoding big5 陳大文" in done.output and "--encoding gb18030" in done.output
    assert db.session.scalar(select(func.count()).select_from(Member)) == 0
    assert do_import("members", path, "--encoding", "big5").exit_code == 0
    assert names() == TRADITIONAL


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (table(["张三"]).encode("utf-16"), "UTF-16"),
        (table(["张三"], separator="\t").encode("utf-16-le"), "UTF-16"),
        (table([]).encode("utf-16-be"), "UTF-16"),
        (b"PK\x03\x04\x14\x00\x06\x00", "is a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a workbook"),
        (b"\xef\xbb\xbf<html><table><tr><td>card_no</td></tr></table>", "is a web page"),
        (b"%PDF-1.7\n", "is no text"),
        (table(["张三"], line="\r").encode(), "CR alone"),
    ],
)
def test_what_is_no_table_of_text_is_refused_with_what_it_is_and_how_to_save_it(
    tmp_path: Path, contract: Contract, do_import: Import, content: bytes, said: str
) -> None:
    path = tmp_path / "members.xls"
    path.write_bytes(content)
    done = do_import("members", path)
    assert done.exit_code == 2
    assert said in done.output and "save it as CSV UTF-8" in " ".join(done.output.split())


@pytest.mark.parametrize(
    "content",
    [
        table(["张三"], separator=";"),
        table(["张三"], separator="\t"),
        "sep=;\r\n" + table(["张三"], separator=";"),
        "\ufeffsep=,\r\n" + table(["张三"]),
        "\ufeff" + table(["张三"], line="\n"),
        table(["张三"]).replace("\r\n", ",,\r\n"),
        table(["张三"]).replace("2026/1/5", "2026/1/5,,"),
        table(['"张三"']).replace("\r\n", ",\r\n"),
    ],
)
def test_separators_and_empty_columns_are_read(
    tmp_path: Path, contract: Contract, do_import: Import, content: str
) -> None:
    path = tmp_path / "m.csv"
    path.write_text(content, encoding="utf-8", newline="")
    done = do_import("members", path)
    assert (done.exit_code, names()) == (0, ["张三"])


def test_something_without_a_column_is_rejected_with_its_line(
    tmp_path: Path, contract: Contract, do_import: Import
) -> None:
    path = tmp_path / "m.csv"
    content = "sep=,\r\n" + table(["张三"]).replace("\r\n", ",,\r\n") + "C9,13700000509,李四,2026/1/5,x,\r\n"
    path.write_text(content, encoding="utf-8", newline="")
    assert do_import("members", path).exit_code == 1
    assert names() == ["张三"]
    assert reasons(path) == [(4, "没有列名的列里有内容，请补上列名或删去这一列")]
