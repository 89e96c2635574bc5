"""What has served its time: photographs of receipts."""

from app.flows.claims import reviewing

SWEEPS = {"receipt_photos": reviewing.sweep}
