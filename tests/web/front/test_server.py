"""The application is asked for a file that never changes once; whoever comes later is answered the same without it."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.web.front.answers import KeptFile
from app.web.front.rsgi import Headers
from app.web.front.server import Front

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]


class Exchange:
    """Notes how it was answered."""

    def __init__(self) -> None:
        self.answer: tuple[int, Headers, str] | None = None

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        self.answer = (status, list(headers), file)


def scope() -> Any:
    return SimpleNamespace(
        method="GET",
        path="/static/dist/a.js",
        query_string="",
        headers={},
        http_version="1.1",
        scheme="http",
        server="127.0.0.1:80",
        client="127.0.0.1:7",
        authority=None,
    )


def test_a_file_for_ever_needs_the_application_once(tmp_path: Path) -> None:
    file, calls = tmp_path / "a.js", list[str]()
    file.write_text("1")
    opened = file.open("rb")

    def application(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        calls.append(environ["PATH_INFO"])
        start("200 OK", [("Cache-Control", "public, immutable"), ("Content-Length", "1")])
        return KeptFile(opened)

    async def ask_thrice() -> list[Exchange]:
        front = Front(application, threads=1, most_bytes=10)
        front.__rsgi_init__(asyncio.get_running_loop())
        exchanges = [Exchange() for _ in range(3)]
        for exchange in exchanges:
            await front.__rsgi__(scope(), exchange)  # type: ignore[arg-type]
        return exchanges

    with (
        opened,
        ThreadPoolExecutor(max_workers=1) as beside,
    ):  # the tests' own thread may be where a browser's loop runs
        first, *others = beside.submit(lambda: asyncio.run(ask_thrice())).result()
    assert first.answer is not None and first.answer[2] == str(file)
    assert [other.answer for other in others] == [first.answer] * 2
    assert calls == ["/static/dist/a.js"]
