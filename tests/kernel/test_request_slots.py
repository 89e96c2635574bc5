"""Few work at a time; who waits for the outside keeps nobody from working."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kernel import request_slots
from app.kernel.errors import PlatformUnavailable
from script.supervisor import web
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.no_database


def test_no_more_work_at_a_time_than_there_are_turns() -> None:
    lock = threading.Lock()
    working = most = 0

    def work() -> None:
        nonlocal working, most
        for _ in range(200):
            with request_slots.taken():
                with lock:
                    working += 1
                    most = max(most, working)
                with lock:
                    working -= 1

    with ThreadPoolExecutor(request_slots.WORKING * 4) as pool:
        for done in [pool.submit(work) for _ in range(request_slots.WORKING * 4)]:
            done.result(PATIENCE_S)
    assert 1 <= most <= request_slots.WORKING


def wait_outside(started: threading.Barrier, answer: threading.Event) -> bool:
    with request_slots.taken(), request_slots.given_up():
        started.wait(PATIENCE_S)
        return answer.wait(PATIENCE_S)


def test_those_who_wait_outside_leave_their_turns_to_others() -> None:
    many = request_slots.WORKING * 3
    started, answer = threading.Barrier(many + 1), threading.Event()

    def work() -> str:
        with request_slots.taken():
            return "done"

    with ThreadPoolExecutor(many + 1) as pool:
        waiting = [pool.submit(wait_outside, started, answer) for _ in range(many)]
        started.wait(PATIENCE_S)  # all of them are outside at once
        assert pool.submit(work).result(PATIENCE_S) == "done"
        answer.set()
        assert [done.result(PATIENCE_S) for done in waiting] == [True] * many


def test_when_very_many_wait_outside_the_next_is_refused_and_others_work_on() -> None:
    started, answer = threading.Barrier(request_slots.WAITING + 1), threading.Event()

    def one_too_many() -> bool:
        with request_slots.taken(), request_slots.given_up():
            return True

    with ThreadPoolExecutor(request_slots.WAITING + 1) as pool:
        waiting = [pool.submit(wait_outside, started, answer) for _ in range(request_slots.WAITING)]
        started.wait(PATIENCE_S)
        for _ in range(request_slots.WORKING * 2):  # whoever is refused gives the turn back
            assert isinstance(pool.submit(one_too_many).exception(PATIENCE_S), PlatformUnavailable)
        answer.set()
        assert [done.result(PATIENCE_S) for done in waiting] == [True] * request_slots.WAITING
    assert one_too_many()


def test_the_server_has_threads_left_when_all_who_may_wait_outside() -> None:
    assert request_slots.WAITING + request_slots.WORKING < web.THREADS


def test_a_turn_comes_back_from_a_failure_inside_and_outside() -> None:
    for _ in range(request_slots.WORKING * 2):
        with pytest.raises(ZeroDivisionError), request_slots.taken(), request_slots.given_up():
            raise ZeroDivisionError
    with request_slots.taken():
        pass


def test_without_a_turn_none_is_given_up() -> None:
    for _ in range(request_slots.WORKING * 2):
        with request_slots.given_up():
            pass
    inside = threading.Barrier(request_slots.WORKING + 1)

    def work() -> bool:
        with request_slots.taken():
            inside.wait(0.2)
            return True

    with ThreadPoolExecutor(request_slots.WORKING + 1) as pool:
        outcomes = [pool.submit(work).exception for _ in range(request_slots.WORKING + 1)]
        # A turn more than there should be would let all of them meet.
        assert all(isinstance(outcome(PATIENCE_S), threading.BrokenBarrierError) for outcome in outcomes)
