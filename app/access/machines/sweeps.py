"""What has served its time: nonces of machines."""

from app.access.machines import machines

SWEEPS = {
    "machine_nonces": machines.sweep_nonces,
}
