"""How downloads are called, in the two ways in which browsers look for it, and what they say they are."""

from typing import IO
from urllib.parse import unquote

import pytest
from flask import Flask
from werkzeug.http import parse_options_header

from app.settlement.exports import exports
from app.web.pages import pages


@pytest.mark.parametrize(
    ("name", "full", "plain"),
    [
        ("悦汇城-2026-10-结算明细.csv", "悦汇城-2026-10-结算明细.csv", "huitou-2026-10.csv"),
        ("悦汇城-B1 东门-海报.csv", "悦汇城-B1 东门-海报.csv", "huitou-B1.csv"),
        ("悦汇城-正门-海报.csv", "悦汇城-正门-海报.csv", "huitou.csv"),
        ("YH-202610-0001.csv", "YH-202610-0001.csv", "YH-202610-0001.csv"),
        ('悦汇城-1/2"门".csv', "悦汇城-1_2_门_.csv", "huitou-1_2.csv"),
    ],
)
def test_a_download_has_a_name_for_every_browser_and_one_charset(app: Flask, name: str, full: str, plain: str) -> None:
    with app.test_request_context():
        answer = pages.download(lambda out: out.write(b"x"), name=name, mimetype=exports.CSV_TYPE)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    kind, options = parse_options_header(answer.headers["Content-Disposition"])
    raw = answer.headers["Content-Disposition"]
    assert kind == "attachment" and f"filename={plain};" in raw.replace('"', "")
    assert unquote(raw.partition("filename*=UTF-8''")[2]) == options["filename"] == full
    answer.close()


def test_a_workbook_names_no_charset(app: Flask) -> None:
    with app.test_request_context():
        answer = pages.download(lambda out: out.write(b"x"), name="a.xlsx", mimetype=exports.XLSX_TYPE)
    assert answer.headers["Content-Type"] == exports.XLSX_TYPE
    answer.close()


def test_a_file_that_could_not_be_written_is_closed_at_once() -> None:
    opened = []

    def fail(out: IO[bytes]) -> None:
        opened.append(out)
        raise ValueError("nothing to write")

    with pytest.raises(ValueError, match="nothing to write"):
        pages.download(fail, name="a.xlsx", mimetype=exports.XLSX_TYPE)
    assert opened[0].closed
