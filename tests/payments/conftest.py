"""Parking paid through WeChat Pay and told to the gate, both played by a live sandbox whose callbacks are caught."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.payments.cashier import Cashier
from tests.sandbox.product import Product, served
from tests.support import platforms as sandbox
from tests.support.isolation import Client
from tests.support.platforms import Platforms


@pytest.fixture
def product() -> Iterator[Product]:
    """Catches what the sandbox sends."""
    with served() as standing:
        yield standing


@pytest.fixture
def platforms(app: Flask, database_url: str, tmp_path: Path, product: Product) -> Iterator[Platforms]:
    """A sandbox of this test's own, which the application talks to."""
    names = ("huitou", "huitou.gateway")
    before = {name: app.extensions[name] for name in names}
    port = int(product.url.rpartition(":")[2])
    with sandbox.running(tmp_path / "sandbox", database_url=database_url, product_port=port) as standing:
        gateway = standing.gateway()
        app.extensions.update({"huitou": standing.settings, "huitou.gateway": gateway})
        yield standing
        gateway.close()
    app.extensions.update(before)


@pytest.fixture
def cashier(client: Client, platforms: Platforms, product: Product, app: Flask) -> Cashier:
    """A member whose car has stood for 100 minutes: 12 yuan."""
    return Cashier.open(client, platforms, product, app.extensions["huitou.gateway"])
