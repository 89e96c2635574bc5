"""A statement that is to be planned for its values is never kept as one for all values."""

from flask import Flask
from sqlalchemy import text

from app.kernel.db import db, plan_for_values

OFTEN = 12
_KEPT = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%' || :mark || '%'")


def run_often(mark: str) -> None:
    for number in range(OFTEN):
        db.session.execute(text(f"SELECT :number AS {mark}"), {"number": number})


def test_statements_of_the_block_are_planned_anew_and_others_are_kept_again_after_it(app: Flask) -> None:
    with plan_for_values():
        run_often("planned_anew")
    run_often("kept_by_then")
    kept = [db.session.scalar(_KEPT, {"mark": mark}) for mark in ("planned_anew", "kept_by_then")]
    assert kept == [0, 1]
