"""What has served its time: pictures that no place shows any more."""

from app.pictures import pictures

SWEEPS = {
    "pictures": pictures.sweep,
}
