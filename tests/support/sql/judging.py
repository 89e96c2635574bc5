"""A part of the run: every worker notes its statements, and the run fails if one could not run distributed."""

from collections import defaultdict

import pytest

from tests.support import run
from tests.support.sql import recorder, shapes

_REFUSED: dict[str, list[str]] = defaultdict(list)


def pytest_configure(config: pytest.Config) -> None:
    recorder.start()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers are done before the process that started them comes here."""
    worker = getattr(session.config, "workerinput", {}).get("workerid", "alone")
    recorder.write(run.folder(), worker)
    if worker == "alone":
        _judge(session)


def _judge(session: pytest.Session) -> None:
    for statement, place in recorder.read(run.folder()).items():
        for reason in shapes.refused(statement, place):
            _REFUSED[reason].append(f"{place}\n        {statement[:600]}")
    if _REFUSED and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what was refused, and where it comes from."""
    for reason, statements in sorted(_REFUSED.items()):
        terminalreporter.section(f"SQL that cannot run distributed: {reason}", red=True)
        for statement in sorted(set(statements)):
            terminalreporter.line(f"    {statement}")
