"""What has served its time: who was in segments that are out of use."""

from app.lifecycle.segments import segments

SWEEPS = {
    "segment_members": segments.sweep,
}
