"""`flask db distribute` against a stand-in for a cluster: what it asks for, in which order, and what it leaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine

from app.kernel.distribution.placement import Kind
from app.kernel.setting_values import database_url
from cli.distribution import placements
from tests.support import cluster, run
from tests.support.isolation import working_on

pytestmark = [pytest.mark.no_database, pytest.mark.own_stack]  # each has a database of its own

PLACEMENTS = placements.of_all_tables()
same_placed = pytest.mark.xdist_group("placed")  # on one worker: the database is placed once
STATE = """
    SELECT 'key', conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype IN ('f', 'u', 'p') AND connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'index', tablename, indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'placed', logicalrelid::text, partmethod::text || repmodel::text || coalesce(partkey, '')
    FROM pg_dist_partition
"""


Distribute = Callable[..., list[str]]
Invoke = Callable[..., Result]


@contextmanager
def _coordinator(name: str) -> Iterator[str]:
    """A migrated database that takes itself for a cluster's coordinator."""
    server = run.server()
    url = server.create(name, run.TEMPLATE)
    cluster.install(url)
    yield url
    server.drop(name)


@pytest.fixture
def database(worker_id: str) -> Iterator[str]:
    """Such a database of the test's own."""
    with _coordinator(f"distributing_{worker_id}") as url:
        yield url


@pytest.fixture(scope="module")
def placed(worker_id: str, distribute: Distribute) -> Iterator[str]:
    """One whose tables are placed, for tests that leave it as it is."""
    with _coordinator(f"placed_{worker_id}") as url:
        distribute(url)
        yield url


@pytest.fixture(scope="module")
def invoke(app: Flask) -> Invoke:
    """The command, on another database than the application's own."""

    def invoked(url: str, *options: str) -> Result:
        engine = create_engine(database_url(url), **app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        with app.app_context(), working_on(engine):
            return app.test_cli_runner().invoke(args=["db", "distribute", *options])

    return invoked


@pytest.fixture(scope="module")
def distribute(invoke: Invoke) -> Distribute:
    """The statements it sent, without their numbers."""

    def sent(url: str, *options: str) -> list[str]:
        done = invoke(url, *options)
        assert done.exit_code == 0, done.output
        return [line.partition(" ")[2] for line in done.output.splitlines() if line[:1].isdigit()]

    return sent


def _state(url: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(STATE).fetchall()
    return {row for row in rows if not row[1].startswith(("pg_dist", "cluster_"))}


def _run(url: str, statements: list[str]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_every_table_is_placed_as_its_model_says(database: str, distribute: Distribute) -> None:
    distribute(database)
    expected = set()
    for name, placed in PLACEMENTS.items():
        together = "members" if placed.kind is Kind.MEMBER and name != "members" else "none"
        if placed.kind is Kind.REFERENCE:
            expected.add(f"{name} reference")
        elif placed.is_spread:
            expected.add(f"{name} by {placed.key} with {together}")
    calls = cluster.calls(database)
    assert set(calls) == expected and len(calls) == len(expected) > 50
    assert calls[0] == "members by id with none"


def test_what_cannot_stand_goes_with_its_reason_and_everything_else_stays(
    database: str, distribute: Distribute
) -> None:
    before = _state(database)
    distribute(database)
    after = _state(database)
    left_out = {(table, name) for table, placed in PLACEMENTS.items() for name in placed.left_out}
    gone = {row[1:] for row in before - after}
    assert gone == left_out
    came = {row for row in after - before if row[0] != "placed"}
    assert came == {("index", table, name.replace("uq_", "ix_", 1)) for table, name in left_out if name[:3] == "uq_"}


def test_the_triggers_of_spread_tables_are_all_listed(database: str) -> None:
    for kind, table, name in _state(database):
        if kind == "trigger":
            spread = PLACEMENTS[table].kind is not Kind.COORDINATOR
            assert (name in PLACEMENTS[table].left_out) is spread, (table, name)


def test_it_is_done_once(database: str, distribute: Distribute) -> None:
    assert len(distribute(database, "--dry-run")) > 150
    assert cluster.calls(database) == []
    distribute(database)
    first = _state(database)
    assert distribute(database) == []
    assert _state(database) == first


@same_placed
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_an_interrupted_run_is_taken_up_where_it_stopped(
    database: str, placed: str, distribute: Distribute, part: float
) -> None:
    statements = distribute(database, "--dry-run")
    _run(database, statements[: int(len(statements) * part)])
    distribute(database)
    assert _state(database) == _state(placed)


def test_a_later_release_migrates_and_its_tables_are_placed_too(database: str, distribute: Distribute) -> None:
    distribute(database)
    first = _state(database)
    with psycopg.connect(database) as connection:
        connection.execute("DELETE FROM cluster_calls")
    run.migrate(database, "downgrade", "0012_postings_reversals")
    run.migrate(database, "upgrade")
    statements = run.migrate(database, "distribute").splitlines()
    assert _state(database) == first
    assert not any("DROP CONSTRAINT fk" in statement for statement in statements)
    assert {"outreach_messages by member_id with members", "car_parks reference"} <= set(cluster.calls(database))


def test_the_stand_in_refuses_what_a_cluster_refuses(database: str) -> None:
    """The control: in the naive order nearly nothing can be placed."""
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="members"):
        _run(database, ["SELECT create_distributed_table('members', 'id')"])
    _run(database, ["SELECT create_reference_table('malls')"])
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="identity column"):
        _run(database, ["SELECT create_distributed_table('members', 'id')"])


REFUSED = [
    ("CREATE TABLE added (id bigint REFERENCES members)", "not colocated"),
    ("ALTER TABLE coupon_codes ADD FOREIGN KEY (member_id, coupon_id) REFERENCES coupons", "not colocated"),
    ("ALTER TABLE malls ADD FOREIGN KEY (id) REFERENCES parking_sessions", "not colocated"),
    ("CREATE UNIQUE INDEX ON coupons (code)", "cannot create constraint"),
    (
        "CREATE TRIGGER append_only BEFORE UPDATE ON points_entries FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "triggers",
    ),
]


@same_placed
@pytest.mark.parametrize(("statement", "why"), REFUSED)
def test_the_stand_in_refuses_later_changes_too(placed: str, statement: str, why: str) -> None:
    with pytest.raises(psycopg.errors.FeatureNotSupported, match=why):
        _run(placed, [statement])


def _to_a_plain_database(url: str) -> None:
    _run(url, ["DROP EVENT TRIGGER cluster_forget", "DROP TABLE pg_dist_partition"])


def _to_another_key(url: str) -> None:
    _run(url, ["INSERT INTO pg_dist_partition VALUES ('coupon_codes', 'h', 'member_id', 'x', 's')"])


def _to_an_older_schema(url: str) -> None:
    _run(url, ["DROP TABLE used_member_codes"])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_to_a_plain_database, "CREATE EXTENSION citus"),
        (_to_another_key, "coupon_codes is placed"),
        (_to_an_older_schema, "lacks used_member_codes: run `flask db upgrade` first"),
    ],
)
def test_it_says_why_it_cannot(database: str, invoke: Invoke, spoil: Callable[[str], None], message: str) -> None:
    spoil(database)
    done = invoke(database)
    assert done.exit_code == 1 and message in done.output
