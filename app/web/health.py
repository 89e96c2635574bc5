"""`/healthz`: the process answers. `/readyz`: it can do its work."""

from pathlib import Path

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.kernel import clock
from app.kernel.db import db
from app.kernel.runs import heartbeat

blueprint = Blueprint("health", __name__)

HEAD = Path(__file__).parents[2] / "migrations" / ".head"
JOBS_WORKER = "jobs"
# A server that has become a standby still answers.
_STATE = text("SELECT version_num, current_setting('transaction_read_only') = 'off' FROM alembic_version")


@blueprint.get("/healthz")
def alive() -> Response:
    """Always 200 while the process can answer at all."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """200 when the database takes writes, its schema is this code's, and the jobs process was heard of; else 503."""
    checks = _checks()
    is_ready = all(checks.values())
    return jsonify({"status": "ok" if is_ready else "unavailable", "checks": checks}), 200 if is_ready else 503


def _checks() -> dict[str, bool]:
    try:
        version, writable = db.session.execute(_STATE).one()
        jobs_alive = heartbeat.is_fresh(JOBS_WORKER, now=clock.now())
    except SQLAlchemyError:
        return {"database": False, "migrations": False, "jobs": False}
    return {"database": writable, "migrations": version == HEAD.read_text(encoding="ascii").strip(), "jobs": jobs_alive}
