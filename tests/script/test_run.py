"""`script/run` after its set-up, as a person uses it: it comes up, survives deaths, and leaves nothing behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import psutil
import psycopg
import pytest
import requests

from app.kernel.settings import DEFAULT_SIZES
from script.benches.support.servers import free_port
from script.supervisor import children, ports, web
from tests.support import run

PATIENCE_SECONDS = 90
same_stack = pytest.mark.xdist_group("run")


def wait_until(condition):
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 10):
        if condition():
            return
        pause.wait(0.1)
    raise AssertionError("nothing happened in time")


class Running:
    """One `script/run` on a data folder."""

    def __init__(self, data, *words, **environment):
        self.port = free_port()
        self.data = data
        self.output = data.parent / f"run-{self.port}.out"
        command = [
            sys.executable,
            "-m",
            "script.supervisor",
            "--port",
            str(self.port),
            "--data",
            str(data),
            "--no-demo",
        ]
        with self.output.open("wb") as out:
            merged = {**os.environ, **environment}
            merged.pop("PYTHONUNBUFFERED", None)  # who writes the output into a file has not set it
            self.process = subprocess.Popen(
                [*command, *words],
                cwd=run.ROOT,
                env=merged,
                stdout=out,
                stderr=out,
                preexec_fn=children.die_with_parent(signal.SIGTERM),
            )

    def wait_up(self):
        wait_until(lambda: "Ctrl-C stops everything" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def said(self):
        return self.output.read_text(encoding="utf-8")

    def child(self, words):
        """The supervised process whose command line holds the words."""
        found = psutil.Process(self.process.pid).children()
        return next(process for process in found if words in " ".join(process.cmdline()))

    def is_ready(self):
        return ports.is_healthy(self.port, "/readyz")

    def end(self, number=signal.SIGTERM):
        """Asks the whole to end; returns the exit code and the processes that are still there."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE_SECONDS)
        return code, psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1]


def flask(stack, *words):
    """`script/flask` for the stack on that data, from another folder than the project's."""
    command = [str(run.ROOT / "script" / "flask"), "--data", str(stack.data), *words]
    return subprocess.run(command, cwd=stack.data.parent, capture_output=True, text=True, check=False)


def new_folder():
    """A data folder that root's database account can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(dir=run.folder()))
    folder.chmod(0o711)
    return folder / "data"


def starter(data):
    """Starts stacks on a data folder, and ends those that still run."""
    running = []

    def start(*words, **environment):
        running.append(Running(data, *words, **environment))
        return running[-1]

    yield start
    for one in running:
        if one.process.poll() is None:
            one.end()


@pytest.fixture
def start():
    yield from starter(new_folder())


@pytest.fixture(scope="module")
def start_on_same():
    """The data folder that the tests of the group `run` have in common: a stack there is made once."""
    yield from starter(new_folder())


@pytest.fixture(scope="module")
def kept():
    return []


@pytest.fixture
def up(start_on_same, kept):
    """The stack that runs on the common data, started when the test before has ended it."""
    if not kept or kept[-1].process.poll() is not None:
        kept.append(start_on_same())
        kept[-1].wait_up()
    return kept[-1]


@same_stack
def test_a_second_stack_on_the_same_data_is_refused(start_on_same, up):
    second = start_on_same()

    assert second.process.wait(PATIENCE_SECONDS) == 1
    assert f"Another script/run (process {up.process.pid})" in second.said()


@same_stack
def test_a_command_joins_the_open_stack(start_on_same, up):
    assert start_on_same().process.wait(PATIENCE_SECONDS) == 1  # a second one on the data changes nothing

    joined = flask(up, "job", "run", "prove_points")
    assert joined.returncode == 0, joined.stderr
    assert '"job": "prove_points"' in joined.stdout


HEAD = b"POST /api/v1/sms-codes HTTP/1.1\r\nHost: huitou.test\r\nContent-Type: application/json\r\n"
ANSWER_SECONDS = 20  # less than a body may take, so the crowd is still there
# More than there are threads in all workers together.
CROWD = 2 * web.WORKERS * DEFAULT_SIZES.threads


def asked(stack, path, **body):
    """The status of an answer, with a body or without."""
    method = "POST" if body else "GET"
    return requests.request(method, f"http://127.0.0.1:{stack.port}{path}", timeout=ANSWER_SECONDS, **body).status_code


@same_stack
@pytest.mark.parametrize(
    "sent",
    [b"", HEAD, HEAD + b"Content-Length: 500\r\n\r\n{", HEAD + b"Content-Length: 1000000\r\n\r\n" + b"x" * 100_000],
    ids=["nothing", "half the headers", "half a body", "half a large body"],
)
def test_a_crowd_that_does_not_finish_its_requests_holds_nobody_up(up, sent):
    with ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(socket.create_connection(("127.0.0.1", up.port))).sendall(sent)

        assert asked(up, "/healthz") == 200
        assert asked(up, "/api/v1/sms-codes", json={}) == 422


@same_stack
def test_a_crowd_that_does_not_read_its_answers_holds_nobody_up(up):
    (built,) = (run.ROOT / "static" / "dist").glob("docs-*.js")
    asks = f"GET /static/dist/{built.name} HTTP/1.1\r\nHost: huitou.test\r\n\r\n".encode()
    with ExitStack() as crowd:
        for _ in range(CROWD):
            crowd.enter_context(socket.create_connection(("127.0.0.1", up.port))).sendall(asks)

        assert asked(up, "/healthz") == 200


@same_stack
def test_a_body_in_chunks_is_refused_and_not_taken_as_empty(up):
    chunks = iter([b'{"phone": ', b'"13800000000"}'])
    answer = requests.post(f"http://127.0.0.1:{up.port}/api/v1/sms-codes", data=chunks, timeout=10)

    assert (answer.status_code, answer.json()["error"]["code"]) == (411, "length_required")


@same_stack
def test_data_outlives_a_supervisor_that_was_killed(start_on_same, kept, up):
    secrets = (up.data / "dev.env").read_text(encoding="utf-8")
    family = psutil.Process(up.process.pid).children(recursive=True)
    up.process.kill()
    up.process.wait()
    assert psutil.wait_procs(family, timeout=PATIENCE_SECONDS)[1] == []

    second = start_on_same()
    kept.append(second)
    second.wait_up()
    assert (second.data / "dev.env").read_text(encoding="utf-8") == secrets
    wait_until(second.is_ready)


@same_stack
def test_the_stack_comes_up_survives_deaths_and_leaves_nothing_behind(up):
    assert f"http://127.0.0.1:{up.port}/console" in up.said()
    assert up.is_ready()

    for name, words in (("web", "-m rsgi"), ("jobs", "jobs run"), ("sandbox", "-m sandbox"), ("PostgreSQL", "-D ")):
        up.child(words).kill()
        wait_until(lambda name=name: f"{name} is started again" in up.said())
        wait_until(up.is_ready)

    assert up.end(signal.SIGINT) == (0, [])
    log = up.data / "postgres" / "server.log"
    assert log.read_text(encoding="utf-8").splitlines()[-1].endswith("database system is shut down")
    late = flask(up, "job", "run", "prove_points")
    assert late.returncode == 1
    assert "No stack runs" in late.stderr


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://nobody@127.0.0.1:9/none", "DATABASE_URL cannot be reached"),
        ("mysql://nobody@127.0.0.1/none", "DATABASE_URL must look like postgresql://"),
    ],
)
def test_a_wrong_database_url_says_what_to_do(start, url, words):
    stack = start(DATABASE_URL=url)

    assert stack.process.wait(PATIENCE_SECONDS) == 1
    assert words in stack.said()


def test_database_url_is_used_instead_of_the_embedded_server(start, committed_database_url):
    stack = start(DATABASE_URL=committed_database_url)
    stack.wait_up()
    with psycopg.connect(committed_database_url) as connection:
        (worker,) = connection.execute("SELECT worker FROM heartbeats").fetchone()

    assert worker == "jobs"
    assert not (stack.data / "postgres").exists()
    assert re.search(r"Member \(H5\)", stack.said())
