"""`flask mall open`: what it makes, and the codes and colours it refuses."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.malls import queries
from tests.builders.malls import make_mall


def test_a_mall_is_opened_with_its_rules_and_entrance_once(app: Flask) -> None:
    runner = app.test_cli_runner()
    for _ in range(2):
        done = runner.invoke(args=["mall", "open", "XY8", "新世界", "--city", "成都"])
        assert (done.exit_code, done.output) == (0, "新世界 (XY8) is open\n")
    mall = queries.find_mall_by_code("XY8")
    assert mall is not None and (mall.name, mall.city) == ("新世界", "成都")


@pytest.mark.parametrize("code", ["a", "X-Y", "X/Y", "", "A" * 17, "X Y", "悦"])
def test_a_code_that_would_not_fit_addresses_and_statement_numbers_is_refused(app: Flask, code: str) -> None:
    done = app.test_cli_runner().invoke(args=["mall", "open", code, "新世界", "--city", "成都"])
    assert done.exit_code == 1 and "capitals and digits" in done.output
    assert queries.find_mall_by_code(code) is None
    with pytest.raises(IntegrityError, match="ck_malls_code"):
        make_mall(code=code)


def test_a_colour_that_is_none_is_refused(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["mall", "open", "XY8", "新世界", "--city", "成都", "--accent", "teal"])
    assert done.exit_code == 1 and "#0f766e" in done.output
