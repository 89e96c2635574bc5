"""A mall with one store, and the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

Import = Callable[..., Result]


@pytest.fixture
def do_import(app: Flask) -> Import:
    """`flask import KIND FILE …` as an operator would type it."""

    def run(kind: str, path: Path, *options: str) -> Result:
        return app.test_cli_runner().invoke(args=["import", kind, str(path), *options])

    return run
