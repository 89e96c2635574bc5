"""What of rehearsals is forgotten when it has served its time."""

from app.points.rehearsals import rehearsals

SWEEPS = {"earning_rehearsals": rehearsals.sweep}
