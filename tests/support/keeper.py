"""Keeps the run's PostgreSQL: it ends with the test run, however that ends, and takes the data with it."""

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import psutil

from script.supervisor.postgres import THROW_AWAY, Cluster

ADDRESS = "address.json"
_CONTROLLER = "controller.pid"
_KEEPER = "keeper.pid"
_STOP_SECONDS = 60


def write_controller(folder: Path, pid: int) -> None:
    """Notes whose end is the end of the run."""
    (folder / _CONTROLLER).write_text(str(pid), encoding="ascii")


def dismiss(folder: Path) -> None:
    """Asks the run's keeper, if there is one, to stop the server, and waits until it is gone."""
    note = folder / _KEEPER
    if not note.exists():
        return
    try:
        keeper = psutil.Process(int(note.read_text(encoding="ascii")))
        keeper.send_signal(signal.SIGTERM)
        keeper.wait(_STOP_SECONDS)
    except psutil.NoSuchProcess:
        return


def main(folder: Path) -> None:
    """Starts the server and publishes its address in a background process; returns in the one that was started."""
    read, write = os.pipe()
    if os.fork():
        os.close(write)
        os.read(read, 1)  # ends when the keeper has published the address or died
        return
    os.close(read)
    os.setsid()
    _keep(folder, lambda: os.close(write))


def _keep(folder: Path, say_ready: Callable[[], None]) -> None:
    """Waits, with the server running, for the end of the controller or a word from it."""
    told = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: _tell(told, number, frame))
    (folder / _KEEPER).write_text(str(os.getpid()), encoding="ascii")
    controller = psutil.Process(int((folder / _CONTROLLER).read_text(encoding="ascii")))
    cluster = Cluster.at(folder / "postgres", THROW_AWAY)
    try:
        cluster.start()
        _publish(folder, cluster)
        say_ready()
        while _goes_on(controller) and not told.wait(0.3):
            pass
    finally:
        cluster.remove()
    if not told.is_set():
        shutil.rmtree(folder, ignore_errors=True)


def _goes_on(controller: psutil.Process) -> bool:
    """Whether the controller still works: a zombie has ended and only waits to be noticed."""
    try:
        return controller.is_running() and controller.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _tell(told: threading.Event, number: int, frame: FrameType | None) -> None:
    told.set()


def _publish(folder: Path, cluster: Cluster) -> None:
    half = folder / f"{ADDRESS}.new"
    half.write_text(json.dumps({"sockets": str(cluster.sockets), "programs": str(cluster.programs)}), encoding="utf-8")
    half.replace(folder / ADDRESS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
