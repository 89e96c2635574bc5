"""A process that is forked from one that is kept does what one that was started would do."""

import signal

from tests.support import kept


def test_it_says_and_ends_as_if_it_was_started() -> None:
    done = kept.run("calendar", "2026", "3", environment={})
    assert (done.returncode, done.stderr) == (0, "") and "March 2026" in done.stdout
    refused = kept.run("calendar", "no-year", environment={})
    assert refused.returncode == 2 and "no-year" in refused.stderr


def test_it_dies_alone_and_knows_its_own_environment_only() -> None:
    died = kept.run("tests.support.killed", environment={"SIGNAL": str(signal.SIGKILL.value)})
    assert died.returncode == -signal.SIGKILL
    failed = kept.run("tests.support.killed", environment={})
    assert failed.returncode == 1 and "KeyError: 'SIGNAL'" in failed.stderr
