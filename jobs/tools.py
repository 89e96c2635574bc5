"""What jobs are handed: the settings and the clients of the platforms."""

from dataclasses import dataclass

from app.kernel.settings import Settings
from app.providers.gate import GateClient
from app.wechat.gateway import Gateway


@dataclass(frozen=True, slots=True)
class Tools:
    """Made once per process; every part may be used by many threads at once."""

    settings: Settings
    gateway: Gateway
    gate: GateClient
