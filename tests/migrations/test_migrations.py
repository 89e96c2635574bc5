"""The migrations build what the models say, come apart again, and stand in one row."""

import re
from pathlib import Path

import psycopg
import pytest

from tests.support import run

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Everything that PostgreSQL keeps of our schema, as text, in one order.
SCHEMA = """
    SELECT 'column', table_name, column_name, data_type, is_nullable, coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), '', ''
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname, '', CASE prokind WHEN 'a' THEN a::text ELSE pg_get_functiondef(oid) END, '', ''
    FROM pg_proc LEFT JOIN pg_aggregate a ON aggfnoid = oid WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3, 4
"""


@pytest.fixture
def migrated(worker_id):
    """A database that was empty before all migrations went up, which made the template of this run."""
    server = run.server()
    name = f"migrations_{worker_id}"
    yield server.create(name, run.TEMPLATE)
    server.drop(name)


def read_schema(url):
    with psycopg.connect(url) as connection:
        return connection.execute(SCHEMA).fetchall()


def test_migrations_go_up_down_and_up_again_to_the_same_schema(migrated):
    first = read_schema(migrated)
    run.migrate(migrated, "downgrade", "base")
    left = {row[1] for row in read_schema(migrated)}
    run.migrate(migrated, "upgrade")

    assert left <= {"alembic_version"}
    assert len(first) > 100
    assert read_schema(migrated) == first


def test_models_and_migrations_say_the_same(migrated):
    assert "No new upgrade operations detected" in run.migrate(migrated, "check")


def test_migrations_stand_in_one_row_and_the_head_is_written_down():
    names = sorted(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    texts = [(MIGRATIONS / "versions" / f"{name}.py").read_text(encoding="utf-8") for name in names]
    revisions = [re.search(r'^revision(?:: str)? = "(.+)"$', text, re.M)[1] for text in texts]
    parents = [re.search(r'^down_revision(?:: .+)? = (?:"(.+)"|None)$', text, re.M)[1] for text in texts]

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert revisions == names
    assert parents == [None, *names[:-1]]
    assert (MIGRATIONS / ".head").read_text(encoding="utf-8").strip() == names[-1]


def test_migrations_never_import_the_product():
    for path in (MIGRATIONS / "versions").glob("*.py"):
        assert not re.search(r"^\s*(from|import) (app|wsgi)\b", path.read_text(encoding="utf-8"), re.M), path.name
