"""A request's body, read before anything else happens: bounded in size, in time, and in memory for all together."""

import asyncio
from http import HTTPStatus

from app.web.front.rsgi import Exchange, HeaderMap

SECONDS = 30.0  # for one body, from its headers to its last byte
SMALL = 64 * 1024  # up to here a body is not worth counting
MOST_TOGETHER = 64 * 1024 * 1024  # what larger bodies that are not complete may hold of a process's memory


class Refused(Exception):
    """The body is not there and will not be; `status` says why."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """Whoever sent the request left before its end."""


class Bodies:
    """Reads the bodies of one process; `most` bytes each."""

    def __init__(self, most: int, *, seconds: float = SECONDS, most_together: int = MOST_TOGETHER) -> None:
        self._most = most
        self._seconds = seconds
        self._left = most_together

    async def read(self, headers: HeaderMap, exchange: Exchange) -> bytes:
        """The whole body; raises Refused and Gone.

        What is larger than may be is not read, and empty here: the application refuses by the announced length.
        """
        length = announced(headers)
        if length == 0 or length > self._most:
            return b""
        try:
            async with asyncio.timeout(self._seconds):
                return await (_small(exchange) if length <= SMALL else self._large(exchange, length))
        except TimeoutError as error:
            raise Refused(HTTPStatus.REQUEST_TIMEOUT) from error

    async def _large(self, exchange: Exchange, length: int) -> bytes:
        body = bytearray()
        try:
            async for chunk in exchange:
                if not chunk:  # granian's word for a sender who is gone
                    raise Gone
                self._left -= len(chunk)
                body += chunk
                if self._left < 0:
                    raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
                if len(body) >= length:
                    break
        finally:
            self._left += len(body)
        return bytes(body)


def announced(headers: HeaderMap) -> int:
    """How long the body is; raises Refused for one whose length is not said, which could end anywhere."""
    if headers.get("transfer-encoding") is not None:
        raise Refused(HTTPStatus.LENGTH_REQUIRED)
    length = headers.get("content-length") or "0"
    if not (length.isascii() and length.isdigit()):
        raise Refused(HTTPStatus.BAD_REQUEST)
    return int(length)


async def _small(exchange: Exchange) -> bytes:
    try:
        return await exchange()
    except Exception as error:  # granian's own error, which bears no common name
        raise Gone from error
