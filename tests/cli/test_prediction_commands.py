"""`flask lifecycle predict` and `backtest`."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from tests.builders.buying import at, buy
from tests.builders.identity import make_member
from tests.builders.malls import make_store


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    result = FlaskCliRunner(app).invoke(args=["lifecycle", *arguments])
    return result.exit_code, result.output


def test_a_day_is_predicted_and_says_what_is_missing(app: Flask) -> None:
    buy(make_member(), make_store(), at(date(2026, 3, 10)), 100)

    code, told = run(app, "predict", "--as-of", "2026-03-10")

    assert code == 0
    assert "as of 2026-03-10: 1 members, 0 rows written, 0 removed" in told
    assert "buying: none (the last good ones: too_few)" in told

    code, told = run(app, "predict", "--as-of", "2026-03-09")
    assert code == 1
    assert "predicted_later" in told


def test_a_history_that_is_too_short_has_no_backtest(app: Flask) -> None:
    code, told = run(app, "backtest", "--as-of", "2026-03-10")

    assert code == 1
    assert "history_too_short" in told


@pytest.mark.parametrize("command", ["predict", "backtest"])
def test_a_day_that_is_not_over_is_refused(app: Flask, command: str) -> None:
    code, told = run(app, command, "--as-of", "2999-05-30")

    assert code == 1
    assert "lifecycle_day_not_over" in told
