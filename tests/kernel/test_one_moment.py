"""A file that takes minutes to make is of one moment, and making it writes nothing."""

import pytest
from flask import Flask
from sqlalchemy.exc import InternalError

from app.access.list_files import list_files
from app.access.list_files.models import ListFile
from app.access.models import Role
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.db import atomic, db, one_moment
from app.workers import list_files as worker
from tests.builders.identity import make_member
from tests.builders.staff import make_staff
from tests.builders.tasks import make_tiers

COUNT = db.text("SELECT count(*) FROM heartbeats")
ADD = db.text("INSERT INTO heartbeats VALUES ('w', '2026-01-01', '{}')")


def test_what_others_write_meanwhile_is_not_seen(committed_app: Flask) -> None:
    with one_moment():
        before = db.session.scalar(COUNT)
        with db.engine.begin() as other:
            other.execute(ADD)
        assert db.session.scalar(COUNT) == before
    assert db.session.scalar(COUNT) == before + 1


def test_nothing_is_written(committed_app: Flask) -> None:
    with pytest.raises(InternalError, match="read-only"), one_moment():
        db.session.execute(ADD)
    with atomic():
        db.session.execute(ADD)


def test_a_list_is_made_into_a_file_so(committed_app: Flask) -> None:
    with atomic():
        make_tiers()
        member = make_member()
        person = make_staff(Role.OPERATIONS, Place(mall_id=member.home_mall_id))
        asked = {"listing": "members", "query": "", "kind": "csv", "now": clock.now()}
        list_files.ask(person.id, member.home_mall_id, **asked)
    assert worker.make_due_files() == 1
    assert db.session.scalars(db.select(ListFile)).one().row_count == 1


def test_it_is_no_part_of_a_unit_of_work() -> None:
    with atomic(), pytest.raises(ValueError, match="unit of work"), one_moment():
        pass
