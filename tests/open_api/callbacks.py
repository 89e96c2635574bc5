"""Callbacks as the sandbox really sends them, caught on their way and delivered by the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.sandbox.product import Product, Received, served
from tests.support import platforms as sandbox
from tests.support.platforms import Platforms


@dataclass(frozen=True, slots=True)
class CallbackTrap:
    """A sandbox, and where its callbacks are caught."""

    platforms: Platforms
    product: Product

    def callbacks(self, count: int) -> list[Received]:
        """All callbacks, once there are so many."""
        return self.product.wait_for(count)


def deliver(client: FlaskClient, callback: Received, *, body: bytes | None = None, **query: str) -> TestResponse:
    """Hand a caught callback to the application, with changes if a test wants some."""
    path = callback.target.partition("?")[0]
    content_type = callback.headers.get("Content-Type", "text/xml")
    return client.open(
        path,
        method=callback.method,
        query_string=callback.query | query,
        data=callback.body if body is None else body,
        content_type=content_type,
    )


@contextmanager
def caught(data: Path, *, push_format: str = "xml") -> Iterator[CallbackTrap]:
    """A running sandbox whose callbacks are caught and answered well."""
    unused = "postgresql:///unused"
    with served() as product:
        port = int(product.url.rpartition(":")[2])
        with sandbox.running(
            data, database_url=unused, product_port=port, SANDBOX_PUSH_FORMAT=push_format
        ) as platforms:
            yield CallbackTrap(platforms, product)
