"""What has served its time: the memory of who left."""

from app.former import memory

SWEEPS = {
    "former_members": memory.sweep,
}
