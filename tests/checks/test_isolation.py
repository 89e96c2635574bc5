"""What the other tests lean on: nothing they do is left behind, and nothing they do leaves the machine."""

import socket
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from app.kernel.db import atomic, db
from app.kernel.models import Heartbeat
from tests.support.clock import START
from tests.support.network import OutsideCall
from tests.support.races import race, winners

MOMENT = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)


def beat(worker):
    return Heartbeat(worker=worker, beat_at=MOMENT, facts={})


def count_beats():
    return db.session.scalar(select(func.count()).select_from(Heartbeat))


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_a_test_commits_is_gone_in_the_next(turn, db_session):
    assert count_beats() == 0
    with atomic():
        db_session.add(beat("committed"))

    assert count_beats() == 1


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_rollback_inside_a_test_takes_back_only_its_own_unit(turn, db_session):
    with atomic():
        db_session.add(beat("kept"))
    with pytest.raises(ZeroDivisionError), atomic():
        db_session.add(beat("lost"))
        db_session.flush()
        raise ZeroDivisionError

    assert count_beats() == 1


@pytest.mark.parametrize("turn", ["first", "second"])
def test_committed_database_starts_fresh_and_is_seen_by_other_threads(turn, committed_app):
    assert count_beats() == 0
    with atomic():
        db.session.add(beat("seen"))

    assert race(committed_app, [count_beats, count_beats]) == [1, 1]


def test_one_of_two_racers_for_the_same_row_wins(committed_app):
    def insert():
        with atomic():
            db.session.add(beat("only one"))
        return "won"

    assert winners(race(committed_app, [insert] * 4)) == ["won"]


def test_statements_are_counted_without_the_savepoints_of_the_tests(db_session, count_statements):
    with count_statements() as seen:
        with atomic():
            db_session.add(beat("counted"))
        count_beats()

    assert [statement.split()[0] for statement in seen] == ["INSERT", "SELECT"]


def test_clock_stands_still_until_it_is_moved(clock):
    assert clock.now == START
    assert clock.advance(days=1, minutes=5) == datetime(2026, 3, 12, 2, 5, tzinfo=UTC)


def test_a_call_beyond_this_machine_is_refused():
    with pytest.raises(OutsideCall):
        socket.create_connection(("203.0.113.1", 80), timeout=1)
    with pytest.raises(OutsideCall):
        socket.getaddrinfo("api.example.com", 443)


def test_loopback_stays_open():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=1).close()
