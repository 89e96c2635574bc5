"""Bodies are read whole, or refused: bounded in size, in time, and in memory for all together."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest

from app.web.front.bodies import SMALL, Bodies, Gone, Refused
from app.web.front.rsgi import Exchange, Headers

pytestmark = pytest.mark.no_database

LARGE = SMALL + 1
MOST = 4 * SMALL


class Sent:
    """What granian would hand over: the pieces that came so far, then silence or, if the sender left, nothing."""

    def __init__(self, *pieces: bytes, silent: bool = False) -> None:
        self._pieces = iter(pieces)
        self._silent = silent

    async def __call__(self) -> bytes:
        body = b"".join(self._pieces)
        await self._wait()
        return body

    def __aiter__(self) -> Exchange:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        await self._wait()
        return b""

    async def _wait(self) -> None:
        if self._silent:
            await asyncio.get_running_loop().create_future()

    def response_empty(self, status: int, headers: Headers) -> None:
        raise AssertionError

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        raise AssertionError

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        raise AssertionError


class Head(dict[str, str]):
    """Headers as granian has them."""


def run(bodies: Bodies, head: Head, sent: Sent) -> bytes:
    """In a thread of its own: that of the tests may be where a browser's loop runs."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        return beside.submit(lambda: asyncio.run(bodies.read(head, sent))).result()  # type: ignore[arg-type]


def read(bodies: Bodies, sent: Sent, length: int) -> bytes:
    return run(bodies, Head({"content-length": str(length)}), sent)


def refusal(bodies: Bodies, sent: Sent, headers: Iterable[tuple[str, str]]) -> HTTPStatus:
    with pytest.raises(Refused) as refused:
        run(bodies, Head(headers), sent)
    return refused.value.status


@pytest.mark.parametrize("size", [1, SMALL, LARGE, MOST])
def test_a_body_is_read_to_its_end(size: int) -> None:
    pieces = [b"x" * min(size, 1000)] * (size // min(size, 1000)) + [b"y" * (size % min(size, 1000))]
    assert read(Bodies(MOST), Sent(*filter(None, pieces)), size) == b"".join(pieces)


def test_what_is_too_long_is_left_to_the_application_to_refuse() -> None:
    assert read(Bodies(MOST), Sent(silent=True), MOST + 1) == b""


@pytest.mark.parametrize("length", [10, LARGE])
def test_a_body_that_does_not_come_is_given_up(length: int) -> None:
    waiting = Bodies(MOST, seconds=0.01)
    assert refusal(waiting, Sent(b"x", silent=True), [("content-length", str(length))]) == HTTPStatus.REQUEST_TIMEOUT


def test_a_body_without_a_length_is_refused_and_not_taken_as_empty() -> None:
    chunked = [("transfer-encoding", "chunked")]
    assert refusal(Bodies(MOST), Sent(b"{}"), chunked) == HTTPStatus.LENGTH_REQUIRED


@pytest.mark.parametrize("length", ["-1", "1e3", "\N{SUPERSCRIPT TWO}"])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert refusal(Bodies(MOST), Sent(), [("content-length", length)]) == HTTPStatus.BAD_REQUEST


def test_half_a_body_of_somebody_who_left_is_no_body() -> None:
    with pytest.raises(Gone):
        read(Bodies(MOST), Sent(b"half"), LARGE)


def test_together_they_hold_no_more_than_fits_and_give_it_back() -> None:
    narrow = Bodies(MOST, most_together=LARGE)
    full = [("content-length", str(MOST))]
    for _ in range(2):
        assert refusal(narrow, Sent(b"x" * MOST), full) == HTTPStatus.SERVICE_UNAVAILABLE
        assert len(read(narrow, Sent(b"x" * LARGE), LARGE)) == LARGE
