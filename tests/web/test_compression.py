"""Answers travel compressed to whoever reads that: built files as the build made them, pages as they are written."""

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.front.compression import LEAST_BYTES
from app.web.pages import built

pytestmark = pytest.mark.no_database

FOR_EVER = "public, max-age=31536000, immutable"
SCRIPT, TEXT = "dist/x-1234ABCD.js", b"let a = 1;\n" * 200
ZIPPED = gzip.compress(TEXT, mtime=0)


@pytest.fixture
def visitor(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser before a build of three files, the first of them compressed."""
    (tmp_path / "dist").mkdir()
    (tmp_path / SCRIPT).write_bytes(TEXT)
    (tmp_path / f"{SCRIPT}.gz").write_bytes(ZIPPED)
    (tmp_path / f"{SCRIPT}.br").write_bytes(b"in brotli")
    (tmp_path / "dist" / "manifest.json").write_text("{}", encoding="ascii")
    (tmp_path.parent / "outside.js.gz").write_bytes(b"")
    monkeypatch.setattr(built, "STATIC", tmp_path)
    return app.test_client()


@pytest.mark.parametrize(
    ("reads", "coding", "sent"),
    [
        ("gzip, deflate, br, zstd", "br", b"in brotli"),
        ("gzip, deflate", "gzip", ZIPPED),
        ("gzip;q=0, br;q=0", None, TEXT),
        ("", None, TEXT),
    ],
    ids=["brotli", "gzip", "refused", "nothing"],
)
def test_a_built_file_comes_as_the_browser_reads_it(
    visitor: FlaskClient, reads: str, coding: str | None, sent: bytes
) -> None:
    with visitor.get(f"/static/{SCRIPT}", headers={"Accept-Encoding": reads}) as answer:
        assert (answer.status_code, answer.content_encoding, answer.data) == (200, coding, sent)
    assert answer.mimetype == "text/javascript"
    assert "Accept-Encoding" in answer.vary
    assert answer.headers["Cache-Control"] == FOR_EVER


def test_what_changes_under_its_name_is_asked_for_again(visitor: FlaskClient) -> None:
    with visitor.get("/static/dist/manifest.json") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["dist/none.js", "../outside.js", "%2e%2e/outside.js", "dist", "dist/x\\.js"])
def test_nothing_else_is_sent(visitor: FlaskClient, name: str) -> None:
    assert visitor.get(f"/static/{name}", headers={"Accept-Encoding": "gzip, br"}).status_code == 404


@pytest.mark.parametrize("reads", ["gzip", "br, gzip;q=0.5", "*"])
def test_a_page_is_compressed_for_who_reads_it(app: Flask, reads: str) -> None:
    plain = app.test_client().get("/api/openapi.json")
    answer = app.test_client().get("/api/openapi.json", headers={"Accept-Encoding": reads})
    assert plain.content_encoding is None and len(plain.data) >= LEAST_BYTES
    assert answer.content_encoding == "gzip" and "Accept-Encoding" in answer.vary and "Accept-Encoding" in plain.vary
    assert answer.content_length == len(answer.data) < len(plain.data)
    assert gzip.decompress(answer.data) == plain.data


@pytest.mark.parametrize("place", ["/healthz", "/api/v1/nowhere"])
def test_a_short_answer_is_left_alone(app: Flask, place: str) -> None:
    answer = app.test_client().get(place, headers={"Accept-Encoding": "gzip"})
    assert answer.content_encoding is None and len(answer.data) < LEAST_BYTES


def test_the_forgery_token_never_looks_the_same_in_a_compressed_page(app: Flask) -> None:
    browser = app.test_client()
    pages = [browser.get("/portal/sign-in").text for _ in range(2)]
    tokens = [re.findall(r'"([0-9a-f]{64})"', page) for page in pages]
    assert all(len(found) >= 2 for found in tokens)
    assert len({part for found in tokens for token in found for part in (token[:32], token[32:])}) == 2 * sum(
        map(len, tokens)
    )
    wrong = {"phone": "13900000000", "password": "x"}
    for token in (tokens[0][0], tokens[1][-1]):
        assert browser.post("/portal/sign-in", data={**wrong, "csrf_token": token}).status_code != 403
    for token in (
        "",
        tokens[0][0][:-1],
        "0" * 64,
        f"{tokens[0][0][:32]}{tokens[1][0][32:]}",
        "\N{SUPERSCRIPT TWO}" * 64,
    ):
        assert browser.post("/portal/sign-in", data={**wrong, "csrf_token": token}).status_code == 403
