"""Everything one sandbox holds, found from a request."""

from dataclasses import dataclass, field

from flask import current_app

from sandbox.kit.clock import Clock
from sandbox.kit.faults import Faults
from sandbox.kit.postman import Postman
from sandbox.kit.requestlog import RequestLog
from sandbox.kit.settings import Settings
from sandbox.kit.store import Store


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
