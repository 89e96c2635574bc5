"""What the benches stand on: honest figures, a load that counts every answer, a limit that fails aloud."""

import http.server
import json
import threading
from collections import Counter

import psutil
import pytest

from script.benches.support import figures, load, pgbench, servers
from script.benches.support.cpu import spent_by
from script.benches.support.figures import Sample
from script.supervisor.errors import Stop


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the status that the path names and counts the bodies it was sent."""

    protocol_version = "HTTP/1.1"
    seen: Counter

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.seen[body] += 1
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "70000")
        self.end_headers()
        self.wfile.write(b"x" * 70000)

    def log_message(self, *words):
        pass


@pytest.fixture
def echo():
    Echo.seen = Counter()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        worker = threading.Thread(target=server.serve_forever)
        worker.start()
        yield server.server_port
        server.shutdown()
        worker.join()


def test_a_load_sends_every_request_once_and_reads_every_answer(echo):
    requests = [load.request("POST", "/200", {}, f"body {number}".encode()) for number in range(100)]
    answers = load.drive(echo, requests, connections=7)

    assert answers.ensure_all(200).count == 100
    assert answers.bodies == []
    assert answers.per_second > 0
    assert 0 < answers.median_ms <= answers.p99_ms
    assert Echo.seen == Counter(f"body {number}".encode() for number in range(100))


def test_a_load_keeps_the_bodies_that_are_asked_for(echo):
    answers = load.drive(echo, [load.request("POST", "/200", {})] * 3, connections=2, bodies=True)
    assert answers.bodies == ["x" * 70_000] * 3


def test_a_load_with_fewer_requests_than_connections_ends(echo):
    assert load.drive(echo, [load.request("POST", "/201", {})], connections=16).statuses == {201: 1}


def test_refusals_spoil_a_load(echo):
    answers = load.drive(echo, [load.request("POST", path, {}) for path in ("/200", "/409", "/200")])

    with pytest.raises(Stop, match="409"):
        answers.ensure_all(200)


def test_a_load_on_nobody_says_so():
    with pytest.raises(Stop, match="the load broke off"):
        load.drive(servers.free_port(), [load.request("GET", "/", {})])


def test_measures_take_turns_and_the_median_counts(capsys):
    order = []

    def measure(name, values):
        left = iter(values)
        return lambda: order.append(name) or Sample(next(left), cpu_us=100.0)

    own, limit = figures.alternate(measure("own", [10, 999, 20]), measure("limit", [100, 40, 1]))
    ratio = figures.report("thing", own, limit, unit="1/s", scale={"rows": 5})
    line = json.loads(capsys.readouterr().out)

    assert order == ["own", "limit"] * 3
    assert ratio == 0.5
    assert {"name": "thing", "value": 20, "unit": "1/s", "limit": 40, "ratio": 0.5, "repeats": 3} == {
        name: line[name] for name in ("name", "value", "unit", "limit", "ratio", "repeats")
    }
    assert (line["scale"], line["cpu_us"]) == ({"rows": 5}, 100)


def test_a_repeat_that_measured_nothing_is_no_figure():
    with pytest.raises(Stop, match="measured nothing"):
        figures.median([Sample(1.0), Sample(0.0), Sample(2.0)])


def test_the_limit_is_durable_and_fails_aloud(tmp_path):
    works, fails = tmp_path / "works.sql", tmp_path / "fails.sql"
    works.write_text("INSERT INTO t VALUES (:client_id);\n")
    fails.write_text("INSERT INTO missing VALUES (1);\n")
    with servers.ground() as ground:
        ground.cluster.ensure_database("limit")
        ground.cluster.psql("CREATE TABLE t (n int)", "limit")
        sample = pgbench.transactions(ground.cluster, "limit", works, clients=2, seconds=1)
        with pytest.raises(Stop, match="pgbench failed"):
            pgbench.transactions(ground.cluster, "limit", fails, clients=2, seconds=1)

        assert ground.cluster.psql("SHOW synchronous_commit").strip() == "on"
        assert ground.cluster.psql("SHOW fsync").strip() == "on"
        assert int(ground.cluster.psql("SELECT count(*) FROM t", "limit")) > 0
        server = ground.cluster.process.pid
    assert sample.value > 0
    assert sample.cpu_us > 0
    assert not ground.folder.exists()
    assert not psutil.pid_exists(server)


def test_cpu_time_of_a_process_is_counted():
    with spent_by(psutil.Process().pid) as spent:
        sum(number * number for number in range(2_000_000))

    assert spent.seconds > 0.02
    assert spent.per(1000) == pytest.approx(spent.seconds * 1000)
    assert spent.per(0) is None
