"""What has served its time: how photographs of receipts looked."""

from app.purchases.photos import keeping

SWEEPS = {"receipt_photo_prints": keeping.sweep_prints}
