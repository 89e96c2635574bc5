"""The database of races and crashes is what the template is, whatever the test before did to it."""

import psycopg
import pytest

from tests.support import run
from tests.support.copies import Copy

SCHEMA = """
    SELECT 'column', attrelid::regclass::text, attname::text FROM pg_attribute
    WHERE attnum > 0 AND attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text || tgenabled::text FROM pg_trigger
    UNION ALL SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    UNION ALL SELECT 'function', proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'setting', unnest(setconfig), '' FROM pg_db_role_setting
    UNION ALL SELECT 'version', version_num, '' FROM alembic_version
    ORDER BY 1, 2, 3
"""
ADD = "INSERT INTO merchants (code, name, created_at) VALUES ('M1', 'name', '2026-01-01Z') RETURNING id"
DATABASE = "SELECT oid FROM pg_database WHERE datname = current_database()"


@pytest.fixture(scope="module")
def copy(worker_id):
    server = run.server()
    name = f"copy_{worker_id}"
    yield Copy(server, name, run.TEMPLATE)
    server.drop(name)


def ask(url, query):
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query).fetchall()


def tell(url, statement):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def test_rows_are_gone_and_numbers_begin_anew_without_another_copy(copy):
    url = copy.renew()
    first, database = ask(url, ADD), ask(url, DATABASE)
    for _ in range(2):
        assert ask(copy.renew(), "SELECT count(*) FROM merchants") == [(0,)]
        assert ask(url, ADD) == first
    assert ask(url, DATABASE) == database


def test_who_is_still_connected_is_sent_away_with_what_they_hold(copy):
    url = copy.renew()
    with psycopg.connect(url) as late:
        late.execute(ADD)
        late.execute("LOCK TABLE merchants")
        copy.renew()
        with pytest.raises(psycopg.OperationalError):
            late.execute("SELECT 1")
    assert ask(url, "SELECT count(*) FROM merchants") == [(0,)]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE added (id int)",
        "ALTER TABLE merchants ADD COLUMN added int",
        "ALTER TABLE merchants ALTER COLUMN name SET DEFAULT 'x'; ALTER TABLE merchants DROP COLUMN code CASCADE",
        "ALTER TABLE points_entries DISABLE TRIGGER USER",
        "DROP INDEX ix_points_entries_mall_id_occurred_at",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "UPDATE alembic_version SET version_num = 'other'",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''8MB''', current_database()); END $$",
    ],
)
def test_whatever_else_is_changed_is_made_good(copy, change):
    url = copy.renew()
    before = ask(url, SCHEMA)
    tell(url, change)
    assert ask(url, SCHEMA) != before
    copy.renew()
    assert ask(url, SCHEMA) == before
