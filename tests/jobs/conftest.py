"""What jobs are handed in tests."""

import pytest
from flask import Flask

from jobs.tools import Tools


@pytest.fixture
def tools(app: Flask) -> Tools:
    """The application's own gateways; nothing here calls them."""
    parts = app.extensions
    return Tools(settings=parts["huitou"], gateway=parts["huitou.gateway"], gate=parts["huitou.gate"])
