"""What has served its time: photographs of receipts."""

from app.purchases.photos import keeping

SWEEPS = {
    "receipt_photos": keeping.sweep,
    "receipt_photo_prints": keeping.sweep_prints,
}
