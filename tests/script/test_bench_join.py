"""The bench of joining: its limit writes what one join writes, and a limit that does not is told."""

from collections import Counter
from functools import partial

import psycopg
import pytest

from script.benches import join
from script.benches.data import join_data
from script.benches.support import load, pgbench, rows
from script.supervisor.errors import Stop
from tests.script.conftest import MIGRATED, same_ground

pytestmark = same_ground


def test_the_limit_writes_the_rows_of_one_join(bench):
    filled = join.rehearse(bench, MIGRATED)
    assert filled["members", "phone_sealed"] == 1
    assert filled["coupons", "code"] == join_data.GRANTED


def test_its_platform_knows_no_other_address(bench):
    with join.platform(bench):
        answer = load.drive(bench.sandbox_port, [load.request("GET", "/elsewhere", {})])
    assert answer.statuses == {404: 1}


def test_what_a_script_fills_is_counted_by_column(bench, tmp_path):
    script = tmp_path / "script.sql"
    script.write_text("INSERT INTO t (a) VALUES (1), (:i);\nUPDATE t SET c = 3 WHERE a = 0;\n")
    bench.cluster.ensure_database("some")
    url = bench.cluster.url("some")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE t (a int, b int, c int); CREATE TABLE other (a int)")
        connection.execute("INSERT INTO t VALUES (0, 0); INSERT INTO other VALUES (1)")
    once = partial(pgbench.once, bench.cluster, "some", script, variables={"i": 5})
    assert rows.filled_by(once, url) == {("t", "a"): 2, ("t", "c"): 1}


def test_columns_that_only_one_fills_are_named():
    first, second = Counter({("t", "a"): 2, ("t", "b"): 1}), Counter({("t", "a"): 2, ("u", "a"): 1})
    with pytest.raises(Stop, match=r"t\.b: 1 and 0; u\.a: 0 and 1"):
        rows.ensure_same(first, second, names=("one", "the other"))
    rows.ensure_same(first, first.copy(), names=("one", "the other"))
