"""On a distributed database many members are locked one by one; on plain PostgreSQL by one statement."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from app.identity import bulk
from app.kernel import clock
from app.kernel.distribution import database
from app.kernel.settings import Settings, SettingsError
from app.outreach.messages import broker
from app.outreach.messages.kinds import Channel
from app.points.ledger import bulk as points_bulk
from app.tiers.growth import bulk as tiers_bulk
from tests.builders.identity import make_member
from tests.builders.outreach import plan
from tests.support import run

# At a time of day at which messages may go.
pytestmark = pytest.mark.usefixtures("clock")

Counter = Callable[[], AbstractContextManager[list[str]]]


def _lock_due(member_ids: set[int]) -> object:
    return broker.lock_due(Channel.SUBSCRIBE, now=clock.now(), limit=10)


LOCKERS: dict[str, Callable[[set[int]], object]] = {
    "members": bulk.lock_members,
    "points accounts": points_bulk.lock_accounts,
    "growth accounts": tiers_bulk.lock_accounts,
    "members with messages": _lock_due,
}


@pytest.fixture
def distributed() -> Iterator[None]:
    """As if the settings of this process had said so."""
    database.configure(database.DISTRIBUTED)
    yield
    database.configure(database.DISTRIBUTED if run.is_distributed() else database.PLAIN)


def _locks(lock: Callable[[set[int]], object], count_statements: Counter) -> int:
    """How many locking statements three members take."""
    members = [make_member() for _ in range(3)]
    for member in members:
        plan(member)
    with count_statements() as seen:
        lock({member.id for member in members})
    return sum(" FOR UPDATE" in statement or " FOR NO KEY UPDATE" in statement for statement in seen)


@pytest.mark.parametrize("rows", LOCKERS)
def test_one_statement_locks_one_member_when_distributed(
    rows: str, count_statements: Counter, distributed: None
) -> None:
    assert _locks(LOCKERS[rows], count_statements) == 3


@pytest.mark.parametrize("rows", LOCKERS)
def test_one_statement_locks_all_on_plain_postgresql(rows: str, count_statements: Counter) -> None:
    assert _locks(LOCKERS[rows], count_statements) == (3 if run.is_distributed() else 1)


def test_the_setting_says_which() -> None:
    given = run.environment("postgresql://nobody@/nothing")
    assert Settings.from_environment({**given, "HUITOU_DATABASE_KIND": "distributed"}).database_kind == "distributed"
    assert Settings.from_environment({**given, "HUITOU_DATABASE_KIND": ""}).database_kind == "plain"
    with pytest.raises(SettingsError, match="HUITOU_DATABASE_KIND"):
        Settings.from_environment({**given, "HUITOU_DATABASE_KIND": "big"})
