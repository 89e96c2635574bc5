"""The parking gates: telling one that a stay is paid."""

from dataclasses import dataclass
from datetime import datetime

from app.kernel import clock
from app.providers.machines import MachineRefused, Machines

PLATFORM = "gate"


@dataclass(frozen=True, slots=True)
class PaidStay:
    """A paid stay as the gate must know it. Amounts in fen; the car may leave until `exit_by`."""

    message_id: str
    session_id: str
    car_park_code: str
    plate: str
    paid_fen: int
    waived_fen: int
    exit_by: datetime


@dataclass(frozen=True, slots=True)
class GateClient:
    """The way to all gates; address and secret are those of the car park."""

    machines: Machines

    @classmethod
    def from_timeout(cls, timeout_s: float) -> "GateClient":
        return cls(Machines(PLATFORM, timeout_s))

    def notify_paid(self, gate_url: str, secret: str, stay: PaidStay) -> None:
        """Tell the gate to let the car out; the same message again is harmless.

        Raises MachineRefused, PlatformUnavailable.
        """
        message = {
            "message_id": stay.message_id,
            "session_id": stay.session_id,
            "car_park_code": stay.car_park_code,
            "plate": stay.plate,
            "paid_fen": stay.paid_fen,
            "waived_fen": stay.waived_fen,
            "exit_by": clock.local(stay.exit_by).isoformat(timespec="seconds"),
        }
        self.machines.post(gate_url.rstrip("/"), "/gate/v1/paid", message, client_id=stay.car_park_code, secret=secret)


__all__ = ["GateClient", "MachineRefused", "PaidStay"]
