"""What has served its time: plates of members who left."""

from app.parking.payment import leavers

SWEEPS = {
    "plates_of_leavers": leavers.sweep,
}
