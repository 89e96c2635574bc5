"""Files that never change are answered without the application from the second time on, and nothing else is."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.web.front.unchanging import Unchanging

pytestmark = pytest.mark.no_database

FOR_EVER = [("Cache-Control", "public, max-age=31536000, immutable"), ("Vary", "Accept-Encoding"), ("X-Kind", "a")]


def asks(path: str = "/static/dist/a.js", *, method: str = "GET", query: str = "", **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(method=method, path=path, query_string=query, headers=named)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "a.js"
    path.write_text("1")
    return str(path)


@pytest.fixture
def known(file: str) -> Unchanging:
    unchanging = Unchanging()
    unchanging.note(asks(accept_encoding="gzip, br"), 200, FOR_EVER, file)
    return unchanging


def test_the_same_question_gets_the_same_answer(known: Unchanging, file: str) -> None:
    found = known.find(asks(accept_encoding="br, GZIP"))
    assert found is not None and (found.headers, found.path) == (FOR_EVER, file)


@pytest.mark.parametrize(
    "other",
    [
        asks(),
        asks(accept_encoding="gzip"),
        asks(accept_encoding="gzip, br;q=0"),
        asks(accept_encoding="gzip, br, *"),
        asks(accept_encoding="gzip, br", range="bytes=0-1"),
        asks(accept_encoding="gzip, br", if_none_match='"x"'),
        asks(accept_encoding="gzip, br", content_length="3"),
        asks(accept_encoding="gzip, br", method="HEAD"),
        asks(accept_encoding="gzip, br", query="v=1"),
        asks("/static/dist/b.js", accept_encoding="gzip, br"),
    ],
)
def test_another_question_is_the_application_s(known: Unchanging, other: Any) -> None:
    assert known.find(other) is None


@pytest.mark.parametrize(
    ("status", "headers", "path"),
    [
        (200, [("Cache-Control", "no-cache")], "/tmp"),
        (200, [*FOR_EVER, ("Set-Cookie", "a=b")], "/tmp"),
        (200, [FOR_EVER[0], ("Vary", "Accept-Encoding, Cookie")], "/tmp"),
        (304, FOR_EVER, "/tmp"),
        (200, FOR_EVER, "/dev/fd/7"),
    ],
)
def test_what_may_change_is_not_remembered(status: int, headers: list[tuple[str, str]], path: str) -> None:
    unchanging = Unchanging()
    unchanging.note(asks(), status, headers, path)
    assert unchanging.find(asks()) is None


@pytest.mark.parametrize("path", ["/static/./dist/a.js", "/static//dist/a.js", "/static/dist/../dist/a.js"])
def test_an_address_in_another_spelling_fills_no_memory(path: str, file: str) -> None:
    unchanging = Unchanging()
    unchanging.note(asks(path), 200, FOR_EVER, file)
    assert unchanging.find(asks(path)) is None


def test_a_file_that_is_gone_is_asked_for_anew(known: Unchanging, file: str) -> None:
    Path(file).unlink()
    assert known.find(asks(accept_encoding="gzip, br")) is None
    Path(file).write_text("2")
    assert known.find(asks(accept_encoding="gzip, br")) is None
