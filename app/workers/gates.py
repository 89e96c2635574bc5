"""Telling the gates which stays are paid."""

from app.kernel import clock
from app.kernel.db import atomic
from app.parking.payment import gate_messages, silent_gates
from app.parking.payment.gate_messages import Delivery
from app.providers.gate import GateClient
from app.workers import batches


def send_due_gate_messages(gate: GateClient, *, limit: int = batches.LIMIT) -> int:
    """Tell the gates what is paid; returns how many messages were tried."""

    def deliver(delivery: Delivery) -> None:
        gate.notify_paid(delivery.gate_url, delivery.gate_secret, delivery.stay)
        with atomic():
            now = clock.now()
            gate_messages.finish(delivery, now=now)
            silent_gates.note_told(delivery, now=now)

    return batches.work_off(gate_messages.claim, deliver, gate_messages.postpone, limit=limit)
