"""The cases that gates raise."""

from app.parking.payment import silent_gates

CASE_KINDS = {silent_gates.GATE_SILENT.code: silent_gates.GATE_SILENT}
CASE_RAISERS = (silent_gates.raise_cases,)
