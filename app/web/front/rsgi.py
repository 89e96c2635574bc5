"""The part of RSGI, granian's own interface, that the product uses."""

from typing import Protocol

Headers = list[tuple[str, str]]


class HeaderMap(Protocol):
    """A request's headers, their names in small letters."""

    def get(self, key: str, default: str | None = None) -> str | None: ...

    def items(self) -> Headers: ...


class Scope(Protocol):
    """A request without its body."""

    http_version: str
    scheme: str
    method: str
    path: str  # percent signs are resolved
    query_string: str
    server: str
    client: str
    authority: str | None
    headers: HeaderMap


class Exchange(Protocol):
    """Where the body comes from and the answer goes to. The answering methods may be called from any thread."""

    async def __call__(self) -> bytes: ...

    def __aiter__(self) -> "Exchange": ...

    async def __anext__(self) -> bytes: ...

    def response_empty(self, status: int, headers: Headers) -> None: ...

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...

    def response_file(self, status: int, headers: Headers, file: str) -> None: ...
