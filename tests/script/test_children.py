"""The supervisor's children: started again when they die, given up when that is no help, never left behind."""

import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from script.supervisor.children import FIRST_PAUSE_SECONDS, MOST_DEATHS, Child, Program, describe, wait_ready
from script.supervisor.errors import DISK_FULL, Stop
from tests.support.patience import PATIENCE_S

SLEEPER = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); signal.pause()"
PARENT = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
print("up", flush=True)
{SLEEPER}
"""
# Leaves as its only output the process id of the child it supervises.
SUPERVISOR = f"""
import os, sys
from pathlib import Path
from script.supervisor.children import Program
program = Program([sys.executable, "-c", {SLEEPER!r}], os.environ, Path.cwd(), Path(sys.argv[1]))
print(program.launch().pid, flush=True)
{SLEEPER}
"""


class Clock:
    """A monotonic clock that a test moves."""

    def __init__(self):
        self.seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def make_child(tmp_path):
    made = []

    def make(code, **facts):
        log = tmp_path / "child.log"
        program = Program([sys.executable, "-c", code], os.environ, tmp_path, log)
        child = Child("worker", program.launch, lambda: log.exists() and "up" in log.read_text(), log, **facts)
        child.start()
        made.append(child)
        return child

    yield make
    for child in made:
        child.stop_seconds = 0.1
        child.stop()


def kill(child):
    child.process.kill()
    child.process.wait()


def test_a_killed_child_is_started_again_after_a_pause(make_child):
    clock = Clock()
    child = make_child(SLEEPER, now=clock)
    kill(child)

    assert "signal SIGKILL" in child.look_after()
    assert child.look_after() is None
    clock.seconds += FIRST_PAUSE_SECONDS
    assert child.look_after() == "worker is started again"
    assert not child.has_ended()


def test_pauses_grow_and_too_many_deaths_end_the_stack_with_the_last_words(make_child):
    clock = Clock()
    child = make_child("print('my reason', flush=True); raise SystemExit(3)", now=clock)
    pauses = []
    for _ in range(MOST_DEATHS):
        child.process.wait()
        child.look_after()
        pauses.append(child.again_at - clock.seconds)
        clock.seconds = child.again_at
        child.look_after()
    child.process.wait()

    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0]
    with pytest.raises(Stop, match=r"(?s)ended 6 times within a minute, last with exit code 3.*my reason"):
        child.look_after()


def test_old_deaths_are_forgiven(make_child):
    clock = Clock()
    child = make_child("raise SystemExit(3)", now=clock)
    for _ in range(MOST_DEATHS * 2):
        child.process.wait()
        child.look_after()
        clock.seconds += 61
        child.look_after()

    assert len(child.deaths) == 1


def test_a_child_that_does_not_listen_is_killed(make_child):
    child = make_child(STUBBORN, stop_seconds=0.2)
    wait_ready([child], seconds=PATIENCE_S, pause=threading.Event().wait)
    child.stop()

    assert child.process.returncode == -signal.SIGKILL


def test_what_a_child_started_ends_with_it(make_child):
    child = make_child(PARENT)
    wait_ready([child], seconds=PATIENCE_S, pause=threading.Event().wait)
    (grandchild,) = psutil.Process(child.process.pid).children()
    child.stop()
    gone, alive = psutil.wait_procs([grandchild], timeout=PATIENCE_S)

    assert alive == []


def test_a_child_that_dies_before_it_is_ready_ends_the_start_with_its_words(make_child):
    child = make_child("raise SystemExit('no such setting')")
    child.process.wait()

    with pytest.raises(Stop, match=r"(?s)worker did not start \(exit code 1\).*no such setting"):
        wait_ready([child], seconds=PATIENCE_S, pause=threading.Event().wait)


def test_a_child_that_dies_once_it_was_ready_ends_the_start_that_waits_for_another(make_child):
    ready, late = make_child(SLEEPER), make_child(SLEEPER)
    ready.name, ready.ready = "web", lambda: True

    def end_it(_seconds):
        ready.process.kill()
        ready.process.wait()

    with pytest.raises(Stop, match=r"web did not start \(signal SIGKILL\)"):
        wait_ready([ready, late], seconds=0.5, pause=end_it)


def test_a_child_that_never_answers_ends_the_start(make_child):
    child = make_child(SLEEPER)

    with pytest.raises(Stop, match="worker: no answer within 0 s"):
        wait_ready([child], seconds=0.1, pause=threading.Event().wait)


def test_a_full_disk_is_told_as_such(make_child):
    child = make_child("print('OSError: [Errno 28] No space left on device', flush=True)")
    child.process.wait()

    assert child.last_words() == DISK_FULL


def test_a_long_log_starts_anew(tmp_path):
    log = tmp_path / "long.log"
    log.write_bytes(b"x" * (10 * 1024 * 1024 + 1))
    Program([sys.executable, "-c", "print('new')"], os.environ, tmp_path, log).launch().wait()

    assert log.read_text() == "new\n"
    assert log.with_name("long.log.1").stat().st_size > 10 * 1024 * 1024


def test_a_child_ends_when_its_supervisor_is_killed(tmp_path):
    command = [sys.executable, "-c", SUPERVISOR, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        child = psutil.Process(int(process.stdout.readline()))
        process.kill()
    gone, alive = psutil.wait_procs([child], timeout=PATIENCE_S)

    assert alive == []


@pytest.mark.parametrize(("code", "words"), [(0, "exit code 0"), (2, "exit code 2"), (-9, "signal SIGKILL")])
def test_exit_codes_in_words(code, words):
    assert describe(code) == words
