"""What is written when something breaks: one JSON line with facts, and nobody's data."""

import json
import logging
import os
import subprocess
import sys

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.identity.models import MemberIdentity
from app.kernel import clock
from app.kernel.db import db
from app.kernel.runs.logs import JsonFormatter
from tests.builders.identity import make_member
from tests.support import run

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
    serve = "import logging, wsgi; wsgi.create_app(); logging.getLogger('app').warning('gate away', extra={'gate': 7})"
    environment = {**os.environ, **run.environment(database_url)}
    said = subprocess.run([sys.executable, "-c", serve], env=environment, capture_output=True, text=True, check=True)
    line = json.loads(said.stderr.splitlines()[-1])
    assert (line["level"], line["message"], line["gate"]) == ("WARNING", "gate away", 7)
