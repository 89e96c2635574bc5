"""A worker of granian that is still loading when it is asked to end."""

import signal

import pytest

import rsgi

pytestmark = pytest.mark.no_database


@pytest.fixture
def heard():
    """A handler as the server sets one before it loads the application."""
    numbers = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: numbers.append(number))
    yield numbers
    signal.signal(signal.SIGTERM, before)


def test_the_system_ends_it_while_it_loads_and_its_server_after(heard):
    with rsgi.ended_at_once():
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]


def test_a_failure_to_load_leaves_the_server_its_signal(heard):
    with pytest.raises(ZeroDivisionError), rsgi.ended_at_once():
        raise ZeroDivisionError
    signal.raise_signal(signal.SIGTERM)
    assert heard == [signal.SIGTERM]
