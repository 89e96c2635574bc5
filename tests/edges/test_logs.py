"""What is written when something breaks: one JSON line with facts, and nobody's data."""

import json
import logging
import os

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.identity.models import MemberIdentity
from app.kernel import clock
from app.kernel.db import db
from app.kernel.runs.logs import JsonFormatter
from tests.builders.identity import make_member
from tests.support import kept, run

PLATE = "沪A12345"


def test_a_failed_statement_is_logged_without_what_it_was_to_write() -> None:
    plate = {"kind": "plate", "value": PLATE, "member_id": make_member().id, "bound_at": clock.now()}
    with pytest.raises(IntegrityError) as failed:
        for _ in range(2):
            db.session.execute(insert(MemberIdentity).values(**plate))
    record = logging.makeLogRecord({"msg": "request failed", "exc_info": (failed.type, failed.value, failed.tb)})
    line = JsonFormatter().format(record)
    assert "pk_member_identities" in line and PLATE not in line


def test_the_web_process_logs_facts_as_json(database_url: str) -> None:
    said = kept.run("tests.edges.warning", environment={**os.environ, **run.environment(database_url)})
    said.check_returncode()
    line = json.loads(said.stderr.splitlines()[-1])
    assert (line["level"], line["message"], line["gate"]) == ("WARNING", "gate away", 7)
