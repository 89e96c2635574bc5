"""What of figures of points is forgotten when it has served its time."""

from app.insights.points import upkeep

SWEEPS = {"points_due": upkeep.sweep}
