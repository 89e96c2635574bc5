"""What a load balancer is told when the database is away."""

from dataclasses import replace

import pytest

from app.kernel.settings import Settings
from wsgi import create_app

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]


def test_without_its_database_the_product_is_alive_and_not_ready(settings: Settings) -> None:
    away = create_app(replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/nowhere"))
    client = away.test_client()
    for _ in range(2):  # a failed look leaves nothing behind
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json == {
            "status": "unavailable",
            "checks": {"database": False, "migrations": False, "jobs": False},
        }
    assert client.get("/healthz").status_code == 200
