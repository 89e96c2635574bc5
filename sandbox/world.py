"""Everything one sandbox holds, found from a request."""

from dataclasses import dataclass, field

from flask import current_app

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.postman import Postman
from sandbox.requestlog import RequestLog
from sandbox.settings import Settings
from sandbox.store import Store


@dataclass(frozen=True)
class World:
    """Settings, store, clock, faults, outgoing callbacks and the request log of one running sandbox."""

    settings: Settings
    store: Store
    clock: Clock
    faults: Faults
    postman: Postman
    log: RequestLog
    signposts: dict[str, str] = field(default_factory=dict)  # where codes hang, by scene


def world() -> World:
    """The world of the application that serves this request."""
    found: World = current_app.extensions["sandbox"]
    return found
