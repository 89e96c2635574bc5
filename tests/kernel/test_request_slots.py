"""Few requests work at a time; a request that waits for a platform keeps nobody from working."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kernel.errors import PlatformUnavailable
from app.kernel.request_slots import RequestSlots, given_up
from app.kernel.settings import DEFAULT_SIZES, RESERVE, SettingsError, sizes_from
from script.supervisor import web
from script.supervisor.errors import Stop
from tests.support.patience import PATIENCE_S

pytestmark = pytest.mark.no_database

WORKING, WAITING = 2, 24


@pytest.fixture
def slots() -> RequestSlots:
    return RequestSlots(working=WORKING, waiting=WAITING)


def test_no_more_work_at_a_time_than_there_are_slots(slots: RequestSlots) -> None:
    lock = threading.Lock()
    working = most = 0

    def work() -> None:
        nonlocal working, most
        for _ in range(200):
            with slots.taken():
                with lock:
                    working += 1
                    most = max(most, working)
                with lock:
                    working -= 1

    with ThreadPoolExecutor(WORKING * 4) as pool:
        for done in [pool.submit(work) for _ in range(WORKING * 4)]:
            done.result(PATIENCE_S)
    assert 1 <= most <= WORKING


def wait_outside(slots: RequestSlots, started: threading.Barrier, answer: threading.Event) -> bool:
    with slots.taken(), given_up():
        started.wait(PATIENCE_S)
        return answer.wait(PATIENCE_S)


def test_requests_that_wait_leave_their_slots_to_others(slots: RequestSlots) -> None:
    many = WORKING * 3
    started, answer = threading.Barrier(many + 1), threading.Event()

    def work() -> str:
        with slots.taken():
            return "done"

    with ThreadPoolExecutor(many + 1) as pool:
        waiting = [pool.submit(wait_outside, slots, started, answer) for _ in range(many)]
        started.wait(PATIENCE_S)  # all of them wait at once
        assert pool.submit(work).result(PATIENCE_S) == "done"
        answer.set()
        assert [done.result(PATIENCE_S) for done in waiting] == [True] * many


def test_when_very_many_wait_the_next_is_refused_and_others_work_on(slots: RequestSlots) -> None:
    started, answer = threading.Barrier(WAITING + 1), threading.Event()

    def one_too_many() -> bool:
        with slots.taken(), given_up():
            return True

    with ThreadPoolExecutor(WAITING + 1) as pool:
        waiting = [pool.submit(wait_outside, slots, started, answer) for _ in range(WAITING)]
        started.wait(PATIENCE_S)
        for _ in range(WORKING * 2):  # whoever is refused gives the slot back
            assert isinstance(pool.submit(one_too_many).exception(PATIENCE_S), PlatformUnavailable)
        answer.set()
        assert [done.result(PATIENCE_S) for done in waiting] == [True] * WAITING
    assert one_too_many()


def test_a_slot_comes_back_from_a_failure_at_work_and_in_waiting(slots: RequestSlots) -> None:
    for _ in range(WORKING * 2):
        with pytest.raises(ZeroDivisionError), slots.taken(), given_up():
            raise ZeroDivisionError
    with slots.taken():
        pass


def test_without_a_slot_none_is_given_up(slots: RequestSlots) -> None:
    for _ in range(WORKING * 2):
        with given_up():
            pass
    inside = threading.Barrier(WORKING + 1)

    def work() -> bool:
        with slots.taken():
            inside.wait(0.2)
            return True

    with ThreadPoolExecutor(WORKING + 1) as pool:
        outcomes = [pool.submit(work).exception for _ in range(WORKING + 1)]
        # A slot more than there should be would let all of them meet.
        assert all(isinstance(outcome(PATIENCE_S), threading.BrokenBarrierError) for outcome in outcomes)


def test_slots_of_two_applications_are_not_mixed_up(slots: RequestSlots) -> None:
    other = RequestSlots(working=1, waiting=1)
    for _ in range(3):  # a slot given back to the wrong application would leave `other` without one
        with slots.taken(), given_up():
            pass
        with other.taken(), given_up():
            pass


def test_the_default_sizes_leave_threads_and_connections_over() -> None:
    sizes = sizes_from({})
    assert sizes == DEFAULT_SIZES
    assert sizes.waiting_requests > 10 * sizes.working_requests
    assert sizes.working_requests + sizes.waiting_requests + RESERVE == min(sizes.threads, sizes.connections)


@pytest.mark.parametrize(
    ("threads", "connections", "working", "waiting", "kept"),
    [(32, 30, 2, 24, 10), (16, 30, 2, 10, 10), (32, 8, 3, 1, 8), (64, 64, 4, 56, 10)],
)
def test_who_may_wait_follows_from_the_scarcer_of_threads_and_connections(
    threads: int, connections: int, working: int, waiting: int, kept: int
) -> None:
    sizes = sizes_from(
        {
            "HUITOU_WEB_THREADS": str(threads),
            "HUITOU_DATABASE_CONNECTIONS": str(connections),
            "HUITOU_WORKING_REQUESTS": str(working),
        }
    )
    assert (sizes.waiting_requests, sizes.kept_connections) == (waiting, kept)


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"HUITOU_WEB_THREADS": "6"}, "HUITOU_WEB_THREADS must be 7 or more"),
        ({"HUITOU_DATABASE_CONNECTIONS": "6"}, "HUITOU_DATABASE_CONNECTIONS must be 7 or more"),
        ({"HUITOU_WORKING_REQUESTS": "30"}, "HUITOU_DATABASE_CONNECTIONS must be 35 or more"),
        ({"HUITOU_WORKING_REQUESTS": "0"}, "HUITOU_WORKING_REQUESTS must be 1 or more"),
        ({"HUITOU_WEB_THREADS": "many"}, "HUITOU_WEB_THREADS must be a whole number"),
    ],
)
def test_sizes_that_do_not_fit_together_are_named_at_the_start(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        sizes_from(environment)
    with pytest.raises(Stop, match=named):
        web.command(environment, "127.0.0.1", 8000)
