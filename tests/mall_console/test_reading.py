"""No page of the console reads a table that grows from end to end."""

from collections import defaultdict
from typing import Any

import psycopg

from app.access.models import Role
from app.access.scopes import Place
from app.kernel.db import db
from script.benches.data.pages_data import GROWING
from script.benches.support import plans
from tests.builders.console import World
from tests.mall_console import addresses
from tests.mall_console.conftest import SignIn

# Everybody is worked out anew; a group that is too large for a page has no such list.
WORKED_OUT = "/lifecycle/restated/"


def driver_connection() -> psycopg.Connection[Any]:
    found = db.session.connection().connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


def test_every_page_finds_its_rows_by_an_index(world: World, enter: SignIn) -> None:
    """PostgreSQL is told to avoid reading a table from end to end: where it still does, there is no index to read."""
    console = enter(Role.ADMINISTRATOR, Place(mall_id=world.mall.id))
    scanned: dict[str, set[str]] = defaultdict(set)
    for path in [path for path in addresses.pages(world) if not path.startswith(WORKED_OUT)]:
        with plans.noted() as sent:
            console.get(world.base + path)
        db.session.execute(db.text("SET LOCAL enable_seqscan = off"))
        for one in sent:
            scans = plans.explain(driver_connection(), one, GROWING)
            scanned[path].update(scan.table for scan in scans if scan.is_whole)
    assert {path: tables for path, tables in scanned.items() if tables} == {}
