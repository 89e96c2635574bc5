"""Jobs of parking gates."""

from app.workers import gates
from jobs.kit import Batch, every
from jobs.tools import Tools

CALL_BATCH = 20


def tell_gates(tools: Tools) -> Batch:
    """Tell the parking gates which stays are paid."""
    return Batch.counted(gates.send_due_gate_messages(tools.gate, limit=CALL_BATCH), limit=CALL_BATCH)


JOBS = (every(1, tell_gates),)
