"""What of restatements is forgotten when it has served its time."""

from app.lifecycle.restatements import restatements

SWEEPS = {"lifecycle_restatements": restatements.sweep}
