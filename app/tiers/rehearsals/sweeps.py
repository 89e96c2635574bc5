"""What of rehearsals is forgotten when it has served its time."""

from app.tiers.rehearsals import rehearsals

SWEEPS = {"tier_rehearsals": rehearsals.sweep}
