"""How a job is run and noted."""

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from app.kernel.errors import Busy
from app.kernel.models import JobRun
from app.kernel.runs import job_runs
from jobs import runner
from jobs.kit import Batch, Job
from jobs.tools import Tools
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S

Work = Callable[[Tools], Batch]


def job(work: Work, *, often: bool = False) -> Job:
    return Job("test_job", "every 60 s", IntervalTrigger(seconds=60), work, often=often)


def from_list(batches: list[Batch]) -> Work:
    waiting: Iterator[Batch] = iter(batches)
    return lambda tools: next(waiting)


def run(tools: Tools, work: Work, *, often: bool = False, until_done: bool = True) -> dict[str, object]:
    return runner.run(job(work, often=often), tools, stopping=threading.Event(), until_done=until_done)


def noted() -> list[JobRun]:
    return list(job_runs.list_runs(job="test_job"))


def test_batches_follow_each_other_until_nothing_waits(tools: Tools) -> None:
    batches = [Batch(3, more=True, facts={"points": 5}), Batch(2, more=True, facts={"points": 1}), Batch(0)]
    assert run(tools, from_list(batches)) == {"done": 5, "batches": 3, "points": 6}


def test_once_more_waits_batches_run_at_once_and_are_summed_up(committed_app: Flask, tools: Tools) -> None:
    ran, both = itertools.count(1), threading.Barrier(2)

    def work(tools: Tools) -> Batch:
        if next(ran) > 1:
            both.wait(PATIENCE_S)
            return Batch(2)
        return Batch(1, more=True)

    assert run_at_once(work, tools) == {"done": 5, "batches": 3}


def test_a_batch_that_fails_beside_another_is_told_when_both_have_ended(committed_app: Flask, tools: Tools) -> None:
    ran, both = itertools.count(1), threading.Barrier(2)

    def work(tools: Tools) -> Batch:
        number = next(ran)
        if number > 1:
            both.wait(PATIENCE_S)
        if threading.current_thread() is not threading.main_thread():
            raise Busy
        return Batch(1, more=number == 1)

    with pytest.raises(Busy):
        run_at_once(work, tools)
    assert [(one.outcome, one.facts) for one in noted()] == [("failed", {"done": 2, "batches": 2, "error": "Busy"})]


def run_at_once(work: Work, tools: Tools) -> dict[str, object]:
    return runner.run(replace(job(work), at_once=2), tools, stopping=threading.Event())


def test_by_hand_one_batch_is_run_unless_asked_for_all(tools: Tools) -> None:
    assert run(tools, from_list([Batch(3, more=True)]), until_done=False) == {"done": 3, "batches": 1}


def test_a_process_that_is_to_stop_begins_no_further_batch(tools: Tools) -> None:
    stopping = threading.Event()

    def work(tools: Tools) -> Batch:
        stopping.set()
        return Batch(1, more=True)

    assert runner.run(job(work), tools, stopping=stopping) == {"done": 1, "batches": 1}


def test_a_run_is_noted_with_its_times_and_numbers(tools: Tools, clock: StillClock) -> None:
    began = clock.now

    def work(tools: Tools) -> Batch:
        assert [one.outcome for one in noted()] == [None]
        clock.advance(seconds=30)
        return Batch(4)

    run(tools, work)
    [one] = noted()
    assert (one.started_at, one.finished_at, one.outcome) == (began, clock.now, "done")
    assert (one.facts, one.worker) == ({"done": 4, "batches": 1}, runner.WORKER)


def test_a_failure_is_noted_with_what_was_done_before_it_and_raised(tools: Tools) -> None:
    batches = iter([Batch(4, more=True)])

    def work(tools: Tools) -> Batch:
        for batch in batches:
            return batch
        raise Busy

    with pytest.raises(Busy):
        run(tools, work)
    [one] = noted()
    assert (one.outcome, one.facts) == ("failed", {"done": 4, "batches": 1, "error": "Busy"})


def test_a_frequent_job_is_noted_only_when_it_did_something(tools: Tools) -> None:
    run(tools, from_list([Batch(0)]), often=True)
    assert noted() == []
    run(tools, from_list([Batch(1)]), often=True)
    assert [one.outcome for one in noted()] == ["done"]


def test_runs_whose_worker_died_are_called_lost_and_old_ones_forgotten(clock: StillClock) -> None:
    job_runs.begin("test_job", worker="gone", now=clock.now)
    clock.advance(hours=7)
    assert job_runs.sweep(now=clock.now) == 0
    [one] = noted()
    assert (one.outcome, one.finished_at) == ("lost", clock.now)
    clock.advance(days=60)
    assert job_runs.sweep(now=clock.now) == 1
    assert noted() == []
